package import ArgumentParser
import OrketCore
import OrketStore

/// `orket issue show ID`: what a card is, where it stands, and how it came there.
package struct IssueShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one card with its definition, comments and history.",
        discussion: """
            Examples:
              orket issue show login
              orket issue show billing --board ~/board --json
            """)

    @Argument(help: "The card's id.")
    var card: String

    @Option(help: ArgumentHelp("The board's directory.", valueName: "dir"))
    var board = "."

    @Flag(help: "Print one JSON object (schema orket.card/1).")
    var json = false

    /// Entries of the history that are shown.
    private static let maximumEvents = 1_000

    /// Made by the argument parser.
    package init() {}

    /// Reads only.
    package func run() async throws {
        try await BoardCommandRun.run {
            let id = try BoardCommandRun.card(card)
            let store = try await BoardSession.open(board).store
            guard let record = try await store.card(id) else { throw WorkStoreFailure.noSuchCard(id) }
            let definition = try await store.definition(id)
            let comments = try await store.comments(on: id)
            let events = try await store.events(of: id, limit: Self.maximumEvents)
            Console.result(
                json
                    ? Self.document(record, definition, comments, events).text + "\n"
                    : Self.text(record, comments, events))
            return 0
        }
    }

    static func document(
        _ card: CardRecord, _ definition: CardDefinition?, _ comments: [CardComment], _ events: [CardEvent]
    ) -> JSONValue {
        let said = comments.map { comment in
            JSONValue.record([
                "at": .string(comment.at.rfc3339), "author": .string(comment.author), "text": .string(comment.text),
            ])
        }
        return .record([
            "schema": .string("orket.card/1"), "card": card.json, "definition": definition?.json,
            "comments": .array(said), "history": .array(events.map(\.json)),
        ])
    }

    private static func text(_ card: CardRecord, _ comments: [CardComment], _ events: [CardEvent]) -> String {
        let wait = card.waitReason.map { ", waits for \($0.rawValue)" } ?? ""
        var lines = [
            "\(card.id)  \(card.type.rawValue)  \(card.status.rawValue)\(wait)  (version \(card.version))",
            "  name       \(card.name ?? "-")", "  parent     \(card.parent?.text ?? "-")",
            "  seat       \(card.seat?.text ?? "-")", "  assignee   \(card.assignee ?? "-")",
            "  needs      \(card.dependsOn.isEmpty ? "-" : card.dependsOn.map(\.text).joined(separator: ", "))",
            "  attempts   \(card.attempts)",
        ]
        for event in events {
            let step =
                event.from == nil || event.from == event.to
                ? event.to.rawValue : "\(event.from!.rawValue) -> \(event.to.rawValue)"
            let reason = event.reason.isEmpty ? "" : ": \(event.reason)"
            lines.append("  \(event.at.seconds)Z  \(event.actor)  \(event.cause.text)  \(step)\(reason)")
        }
        for comment in comments { lines.append("  \(comment.at.seconds)Z  \(comment.author): \(comment.text)") }
        return lines.map { TerminalText.escape($0) + "\n" }.joined()
    }
}
