package import ArgumentParser
import OrketCore
import OrketReports
import OrketStore

/// `orket cards`: the cards of a board, one a line.
package struct CardsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cards", abstract: "List the cards of a board in the order of their creation.",
        discussion: """
            Exit status: 0 done, 2 bad usage or an invalid board, 3 the store cannot be read.

            Examples:
              orket cards
              orket cards --status blocked --status waiting_for_developer
              orket cards --board ~/board --type issue --epic billing --json
            """)

    @Option(help: ArgumentHelp("The board's directory.", valueName: "dir"))
    var board = "."

    @Option(help: "Only this type: rock, epic or issue.")
    var type: String?

    @Option(help: "Only this status; may be given several times.")
    var status: [String] = []

    @Option(help: "Only cards that wait for this.")
    var waits: String?

    @Option(help: ArgumentHelp("Only issues of this epic.", valueName: "id"))
    var epic: String?

    @Option(help: "Only issues of this seat.")
    var seat: String?

    @Option(help: "At most so many cards, 1 to \(BoardStore.maximumPage).")
    var limit = "200"

    @Flag(help: "Print one JSON object (schema orket.cards/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks all options, then lists.
    package func run() async throws {
        try await BoardCommandRun.run {
            let (filter, limit) = try query()
            let store = try await BoardSession.open(board).store
            let cards = try await store.cards(filter, limit: limit)
            let total = try await store.count(filter)
            if json {
                let document = JSONValue.record([
                    "schema": .string("orket.cards/1"), "total": .integer(Int64(total)),
                    "cards": .array(cards.map(\.json)),
                ])
                Console.result(document.text + "\n")
            } else {
                Console.result(cards.isEmpty ? "" : Self.table(cards))
                if cards.count < total {
                    Console.talk("orket: \(cards.count) of \(total) cards; ask for more with --limit\n")
                }
            }
            return 0
        }
    }

    private static func table(_ cards: [CardRecord]) -> String {
        var table = TextTable(["CARD", "TYPE", "STATUS", "PRIORITY", "SEAT", "NAME"])
        for card in cards {
            let wait = card.waitReason.map { " (\($0.rawValue))" } ?? ""
            table.add([
                card.id.text, card.type.rawValue, card.status.rawValue + wait, "\(card.priority.value)",
                card.seat?.text ?? "-", card.name ?? "-",
            ])
        }
        return table.text
    }

    private func query() throws(InvalidInput) -> (CardFilter, limit: Int) {
        var findings: [Finding] = []
        func word<Word: RawRepresentable<String> & CaseIterable>(_ option: String, _ text: String) -> Word? {
            if let word = Word(rawValue: text) { return word }
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            findings.append(Finding(file: option, "\(CanonicalText.quote(text)): write one of \(known)"))
            return nil
        }
        func name<Subject>(_ option: String, _ text: String) -> Identifier<Subject>? {
            let name = Identifier<Subject>(text)
            if name == nil { findings.append(Finding(file: option, "\(CanonicalText.quote(text)) is no name")) }
            return name
        }
        var filter = CardFilter(isDefined: true)
        filter.type = type.flatMap { word("--type", $0) }
        filter.statuses = Set(status.compactMap { word("--status", $0) })
        filter.waitReason = waits.flatMap { word("--waits", $0) }
        filter.parent = epic.flatMap { name("--epic", $0) }
        filter.seat = seat.flatMap { name("--seat", $0) }
        let count = Int(limit).flatMap { (1...BoardStore.maximumPage).contains($0) ? $0 : nil }
        if count == nil {
            findings.append(Finding(file: "--limit", "write a number from 1 to \(BoardStore.maximumPage)"))
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return (filter, count!)
    }
}
