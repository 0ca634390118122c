import Glibc
import OrketCore
import OrketSystem
import Testing

/// A battery of attacks on graders that is not ours, pointed at `orket verify`.
@Suite("gradecheck", .timeLimit(.minutes(20)))
struct GradecheckTests {
    /// The interpreter of `.ci/packages gradecheck`, by the same rule as there.
    private static let python: String = {
        let home = Process.environment("HOME") ?? "/root"
        let cache = Process.environment("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.cache"
        return cache + "/orket/python-gradecheck/bin/python"
    }()

    @Test(
        "every attack of gradecheck is resisted, what is honest passes, and weak graders are fooled by the same attacks"
    )
    func resisted() async throws {
        guard isMet(Files.exists(Self.python), "the package gradecheck: .ci/packages gradecheck") else { return }
        let script = packageRoot + "/Tests/Batteries/run_gradecheck.py"
        let ended = try await OrketProgram.run(
            ["--json"], launcher: [Self.python, "-B", script])
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        #expect(document["problems"] == .array([]))
        let findings = document["findings"]?.elements ?? []
        let resisted = findings.filter { $0["verdict"] == .string("resisted") }
        let batteries = Set(findings.compactMap { $0["battery"]?.string })
        #expect(batteries == ["suite", "check", "keywords", "function", "cli", "command", "completions"])
        // Six of each tree and of the completions; one of them is a warning about any grader that looks for words.
        #expect(resisted.count == 41)
        #expect(findings.filter { $0["verdict"] == .string("warn") }.map { $0["battery"] } == [.string("keywords")])
    }
}
