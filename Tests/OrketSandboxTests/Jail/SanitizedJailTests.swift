import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

/// The jail's own C under the address and undefined-behaviour sanitizers: a finding aborts it, and then no run passes.
@Suite("The jail does nothing undefined", .serialized)
struct SanitizedJailTests {
    private static func build(in directory: TemporaryDirectory) async throws -> String {
        let sources = Checkout.root + "/Sources/orket-jail"
        let files = try Files.names(in: sources).filter { $0.hasSuffix(".c") }.map { "\(sources)/\($0)" }
        let jail = directory.path + "/orket-jail"
        let end = try await HostProgram.run(
            [
                "/usr/bin/cc", "-std=gnu11", "-D_GNU_SOURCE", "-g", "-O1", "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all", "-o", jail, Checkout.root + "/Tests/Programs/sanitizer_options.c",
            ] + files)
        guard end.status == 0 else { throw SystemError("cc", end.text, errno: SystemError.ENOEXEC) }
        return jail
    }

    @Test("short and long commands, failing steps, killed programs, many at once")
    func smoke() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var configuration = SupervisorConfiguration()
        configuration.jailPath = try await Self.build(in: directory)
        configuration.poolSize = 2
        let supervisor = try await Supervisor(configuration: configuration)
        let policy = TestPolicy.make { $0.limits.idleMs = 120_000 }
        func run(_ argv: [String]) async throws -> RunResult {
            try await supervisor.run(RunRequest(argv: argv), policy: policy)
        }
        let results = try await withThrowingTaskGroup(of: RunResult.self) { group in
            for number in 0..<20 { group.addTask { try await run(["echo", "\(number)"]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.outcome == .passed }, "\(results.flatMap(\.reasons))")
        #expect(Set(results.map(\.stdout.text)) == Set((0..<20).map { "\($0)\n" }))

        // Beyond a record, so by memory file; beyond what the jail's vector holds is refused before.
        let long = (0..<15_000).map { "argument-\($0)" }
        #expect(try await run(["printf", "%.0s"] + long).outcome == .passed)
        #expect(try await run(["no-such-program"]).reasons.map(\.code) == [.sandboxSetupFailed])
        #expect(try await run([String(repeating: "x", count: 5_000)]).reasons.map(\.code) == [.sandboxSetupFailed])
        #expect(try await run(["sh", "-c", "kill -9 $$"]).reasons.map(\.code) == [.signal])
        #expect(try await run(["sh", "-c", "(sleep 60 &) ; exit 7"]).exit == .exited(7))
        await supervisor.shutdown()

        for step in [1, 2, supervisor.stepCount / 2, supervisor.stepCount] {
            var faulty = configuration
            faulty.faultStep = step
            let other = try await Supervisor(configuration: faulty)
            let result = try await other.run(RunRequest(argv: ["true"]), policy: policy)
            #expect(result.reasons.first?.detail.hasPrefix("step \(step) ") == true, "\(result.reasons)")
            await other.shutdown()
        }
    }
}
