package import ArgumentParser
import OrketCore
import OrketReports
import OrketStore

/// `orket ledger`: what became done, on which evidence.
package struct LedgerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "List what became done, the newest first, with the evidence for it.",
        discussion: """
            Examples:
              orket ledger
              orket ledger --board ~/board --json
            """)

    @Option(help: ArgumentHelp("The board's directory.", valueName: "dir"))
    var board = "."

    @Option(help: "At most so many entries.")
    var limit = 100

    @Flag(help: "Print one JSON object (schema orket.ledger/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Reads only.
    package func run() async throws {
        try await BoardCommandRun.run {
            let entries = try await BoardSession.open(board).store.successes(limit: limit)
            if json {
                let list = entries.map { entry in
                    JSONValue.record([
                        "number": .integer(entry.number), "card": .string(entry.card.text),
                        "type": .string(entry.type.rawValue), "version": .integer(entry.version),
                        "at": .string(entry.at.rfc3339), "actor": .string(entry.actor.description),
                        "evidence": entry.evidence,
                    ])
                }
                let document = JSONValue.record(["schema": .string("orket.ledger/1"), "entries": .array(list)])
                Console.result(document.text + "\n")
            } else if !entries.isEmpty {
                var table = TextTable(["CARD", "TYPE", "WHEN", "BY", "CANDIDATE"])
                for entry in entries {
                    table.add([
                        entry.card.text, entry.type.rawValue, entry.at.seconds + "Z", entry.actor.description,
                        entry.evidence?["candidate"]?.string ?? "-",
                    ])
                }
                Console.result(table.text)
            }
            return 0
        }
    }
}
