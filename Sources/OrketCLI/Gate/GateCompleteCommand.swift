package import ArgumentParser
import OrketAttest
import OrketCore
import OrketStore
import OrketSystem

/// `orket gate complete ISSUE --candidate DIR`.
package struct GateCompleteCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Verify what is delivered, and finish the issue if every fixture has passed about exactly that.",
        discussion: """
            The fixtures run now, in the sandbox; with --recorded the verdicts of earlier runs are taken, which the gate's \
            policy must allow (cached: true). The decision is signed and written down before the issue changes.

            Exit status: 0 the issue is done, 2 bad usage or board, 3 our side failed, 4 the gate refuses, with every reason; \
            130 interrupted.
            """)

    @OptionGroup var options: GateOptions

    @Option(help: "Verifications at a time.")
    var jobs: Int?

    @Flag(help: "Run nothing: decide on what was recorded.")
    var recorded = false

    /// Made by the argument parser.
    package init() {}

    /// Refuses numbers that mean nothing.
    package func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must be from 1 to 1024") }
    }

    /// Verifies, decides, and finishes the issue.
    package func run() async throws {
        try await GateFailure.handle {
            let location = BoardLocation(options.board)
            let store = try await location.open()
            let stored = try await store.existingIssue(options.issue)
            let session = try await GateSession(
                board: GateBoard(directory: options.board), issue: stored.issue, candidate: options.candidate,
                keys: options.key)
            let waiver = try options.waiver.map { try session.waiver($0) }
            let completion = IssueCompletion(stored)
            try completion.check()
            var fresh: Set<EvidenceID> = []
            if !recorded {
                let ended = try await session.verify(jobs: jobs ?? Console.processorCount + 1)
                if let failure = ended.failure { throw failure }
                if ended.status != 0 { return ended.status }
                fresh = Set(ended.kept.map(\.record))
                for report in ended.reports where !options.json {
                    Console.talk("orket: \(TerminalText.escape(report.id)): \(report.outcome.rawValue)\n")
                }
            }
            let decision = try await session.decide(
                files: options.receipt, waiver: waiver, fresh: fresh, countsAsCached: true,
                used: { try await store.completions(by: $0) })
            let file = try session.keep(decision, in: location.decisions)
            var status = stored.status
            if let evidence = decision.ruling.evidence {
                status = try await completion.finish(
                    evidence, by: Self.person, in: store, decision: file.receipt.digest)
            }
            let report = GateReport(decision, status: status, file: file.path)
            report.print(json: options.json)
            return report.exitCode
        }
    }

    private static var person: Actor {
        let name = Process.environment("USER") ?? Process.environment("LOGNAME") ?? "uid \(Process.userID)"
        return Actor(.person, name) ?? Actor(.person, "uid \(Process.userID)")!
    }
}
