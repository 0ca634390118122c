package import ArgumentParser
import OrketCore
import OrketStore

/// `orket issue move ID STATUS`: a step that the table of transitions knows.
package struct IssueMoveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move a card to another status, by the rules.",
        discussion: """
            Every reason against it is told at once. No issue becomes done here: orket gate complete does that, on evidence.

            Exit status: 0 moved, 1 refused, 2 bad usage, 3 the store cannot be used.

            Examples:
              orket issue move login in_progress
              orket issue move login blocked --waits input --reason "which bank?"
            """)

    @Argument(help: "The card's id.")
    var card: String

    @Argument(help: "The status to move to.")
    var status: String

    @Option(help: "What it waits for: resource, dependency, review, input or system.")
    var waits: String?

    @Option(help: "Why, for the history.")
    var reason = ""

    @Option(help: ArgumentHelp("The board's directory.", valueName: "dir"))
    var board = "."

    @Flag(help: "Print one JSON object (schema orket.card/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Asks the state machine, which alone writes.
    package func run() async throws {
        try await BoardCommandRun.run {
            let (id, status, wait) = try arguments()
            let store = try await BoardSession.open(board).store
            guard let record = try await store.card(id) else { throw WorkStoreFailure.noSuchCard(id) }
            if status == .done, record.type == .issue {
                Console.talk("orket: hint: orket gate complete \(id) --candidate DIR\n")
            }
            let request = TransitionRequest(
                id, version: record.version, .move(status), by: .user, waitReason: wait, reason: reason, at: .now)
            let moved = try await store.change(request)
            if json {
                let document = IssueShowCommand.document(moved, try await store.definition(id), [], [])
                Console.result(document.text + "\n")
            } else {
                Console.result("\(id): \(record.status.rawValue) -> \(moved.status.rawValue)\n")
            }
            return 0
        }
    }

    private func arguments() throws(InvalidInput) -> (CardID, CardStatus, WaitReason?) {
        var findings: [Finding] = []
        let known = CardStatus(rawValue: status)
        if known == nil {
            let words = CardStatus.allCases.map(\.rawValue).joined(separator: ", ")
            findings.append(Finding(file: CanonicalText.quote(status), "is no status; write one of \(words)"))
        }
        let wait = waits.flatMap(WaitReason.init)
        if waits != nil, wait == nil {
            let words = WaitReason.allCases.map(\.rawValue).joined(separator: ", ")
            findings.append(Finding(file: "--waits", "write one of \(words)"))
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return (try BoardCommandRun.card(card), known!, wait)
    }
}
