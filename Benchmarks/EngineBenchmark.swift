internal import Glibc
internal import OrketCore
internal import OrketEngine
internal import OrketEngineKit
internal import OrketStore

/// Runs boards whose work and verdicts cost nothing, with the real store on the disk, and prints what the engine itself costs.
enum EngineBenchmark {
    /// Prints one row of a table for each shape.
    static func run() async throws {
        print("| board | issues | wall ms an issue | CPU ms an issue |")
        print("|---|---|---|---|")
        try await measure("layers of 50, each of 2 of the layer before", count: 1_000) { card in
            card < 50 ? [] : [card / 50 * 50 - 50 + card % 50, card / 50 * 50 - 50 + (card + 7) % 50]
        }
        try await measure("chain", count: 500) { $0 == 0 ? [] : [$0 - 1] }
    }

    private static func measure(_ shape: String, count: Int, _ dependencies: (Int) -> [Int]) async throws {
        let ids = (0..<count).map { CardID("i\($0)")! }
        let issues = ids.indices.map { card in
            var issue = Issue(id: ids[card])
            issue.card.parent = CardID("epic")!
            issue.dependsOn = dependencies(card).map { ids[$0] }
            issue.verification.fixtures = ["fixture"]
            return issue
        }
        var name = Array("/tmp/orket-benchmark-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { return print("no directory: \(errno)") }
        let directory = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { for file in ["", "-wal", "-shm"] { unlink(directory + "/board.sqlite" + file) }; rmdir(directory) }
        guard let store = try await BoardStore.open(directory + "/board.sqlite", now: TestClock().now) else { return }
        let verifier = ScriptedVerifier { _, _ in .passed }
        let parts = EngineParts(
            store: store, worker: ScriptedWorker { Fakes.digest("\($0.issue.id)") }, verifier: verifier, gate: verifier,
            clock: TestClock(), randomness: NoChance(), sha256: { Fakes.digest($0) })
        let plan = RunPlan(
            session: SessionID("s")!, target: CardID("epic")!, targetType: .epic,
            parts: [RunPlan.Part(build: BuildID("build-epic")!, issues: issues)], configuration: Fakes.digest("board"))
        let (start, cpu) = (ContinuousClock().now, clock())
        let report = try await Engine(parts, rules: RunRules(width: 4, verificationWidth: 4)!).run(plan)
        let elapsed = (ContinuousClock().now - start).components
        let wall = Double(elapsed.seconds) * 1_000 + Double(elapsed.attoseconds) / 1e15
        let used = Double(clock() - cpu) / Double(CLOCKS_PER_SEC) * 1_000
        guard report.outcome == .completed else { return print("\(shape): \(report.outcome.code)") }
        print("| \(shape) | \(count) | \(rounded(wall / Double(count))) | \(rounded(used / Double(count))) |")
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
