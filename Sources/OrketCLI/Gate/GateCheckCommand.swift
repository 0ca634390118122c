package import ArgumentParser
import OrketAttest
import OrketCore
import OrketStore

/// `orket gate check ISSUE --candidate DIR`.
package struct GateCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Decide on the evidence so far. Nothing runs, and nothing changes.",
        discussion: """
            Exit status: 0 the gate would accept, 2 bad usage or board, 3 the evidence cannot be read, 4 the gate refuses, \
            with every reason.
            """)

    @OptionGroup var options: GateOptions

    /// Made by the argument parser.
    package init() {}

    /// Asks and prints.
    package func run() async throws {
        try await GateFailure.handle {
            let location = BoardLocation(options.board)
            let store = try await location.open()
            let stored = try await store.existingIssue(options.issue)
            let session = try await GateSession(
                board: GateBoard(directory: options.board), issue: stored.issue, candidate: options.candidate,
                keys: options.key)
            let decision = try await session.decide(
                files: options.receipt, waiver: try options.waiver.map { try session.waiver($0) }, fresh: [],
                countsAsCached: false, used: { try await store.completions(by: $0) })
            let report = GateReport(decision, status: stored.status, file: nil)
            report.print(json: options.json)
            return report.exitCode
        }
    }
}
