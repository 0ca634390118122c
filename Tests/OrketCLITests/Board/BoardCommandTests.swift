import OrketCore
import OrketSystem
import Testing

/// Commands about a board, as people and scripts run them.
@Suite("Commands of a board", .serialized, .timeLimit(.minutes(20)))
struct BoardCommandTests {
    private let scratch = ScratchDirectory()

    private var board: String { scratch.path + "/board" }

    private func run(_ words: String...) async throws -> OrketProgram.Ended { try await OrketProgram.run(words) }

    private func document(_ ended: OrketProgram.Ended, _ schema: String) throws -> JSONValue {
        let document = try StrictJSON.parse(Array(ended.output.utf8))
        for violation in try SchemaChecker(named: schema).violations(document) { Issue.record("\(violation)") }
        return document
    }

    @Test("a new board is valid, its fixtures are proven, and its cards are listed, moved and remembered")
    func life() async throws {
        #expect(try await run("init", board).exitCode == 0)
        #expect(try await run("init", board).exitCode == 2, "what is there stays")
        let valid = try await run("validate", board, "--json")
        #expect(valid.exitCode == 0)
        #expect(try document(valid, "validation")["counts"]?["issues"] == .integer(2))
        #expect(try await run("fixture", "prove", board + "/fixtures").exitCode == 0)
        let cards = try await run("cards", "--board", board, "--type", "issue", "--json")
        #expect(try document(cards, "cards")["cards"]?.elements.map { $0["id"]?.string } == ["total", "program"])
        #expect(try await run("issue", "move", "total", "in_progress", "--board", board).exitCode == 0)
        #expect(try await run("issue", "comment", "total", "hm", "--board", board).exitCode == 0)
        let shown = try await run("issue", "show", "total", "--board", board, "--json")
        let card = try document(shown, "card")
        #expect(card["card"]?["status"] == .string("in_progress") && card["card"]?["version"] == .integer(2))
        #expect(card["history"]?.elements.map { $0["to"]?.string } == ["ready", "in_progress"])
        #expect(card["comments"]?.elements.map { $0["text"]?.string } == ["hm"])
        let ledger = try await run("ledger", "--board", board, "--json")
        #expect(try document(ledger, "ledger")["entries"] == .array([]))
    }

    @Test("no issue becomes done by being moved, and every reason is told at once")
    func noWayToDone() async throws {
        _ = try await run("init", board)
        for status in ["in_progress", "code_review"] {
            #expect(try await run("issue", "move", "total", status, "--board", board).exitCode == 0)
        }
        let refused = try await run("issue", "move", "total", "done", "--board", board)
        #expect(refused.exitCode == 1 && refused.talk.contains("evidence_missing"))
        #expect(refused.talk.contains("orket gate complete total"))
        let blocked = try await run("issue", "move", "program", "in_progress", "--board", board)
        #expect(blocked.exitCode == 1 && blocked.talk.contains("dependency_unresolved"))
        #expect(try await run("issue", "move", "ghost", "in_progress", "--board", board).exitCode == 2)
        #expect(try await run("issue", "move", "total", "banana", "--board", board).exitCode == 2)
    }

    @Test("files that changed are taken over; nothing is done with a board that has a defect, and the status stays")
    func changes() async throws {
        _ = try await run("init", board)
        #expect(try await run("issue", "move", "total", "in_progress", "--board", board).exitCode == 0)
        let path = board + "/epics/example.yaml"
        let text = try Files.text(path)
        try Files.replace(path, Array(text.replacing("name: Sums", with: "nmae: Sums\nteam2: x").utf8))
        let refused = try await run("cards", "--board", board)
        #expect(refused.exitCode == 2 && refused.output == "")
        #expect(refused.talk.contains("unknown key \"nmae\"") && refused.talk.contains("unknown key \"team2\""))
        let invalid = try await run("validate", board, "--json")
        #expect(invalid.exitCode == 2)
        #expect(try document(invalid, "validation")["findings"]?.elements.count == 2)
        try Files.replace(path, Array(text.replacing("name: Sums", with: "name: More sums").utf8))
        let cards = try await run("cards", "--board", board)
        #expect(cards.exitCode == 0 && cards.output.contains("More sums") && cards.output.contains("in_progress"))
    }

    @Test("every command of a board shows how it is used, and bad options are told at once")
    func usage() async throws {
        for words in [["validate"], ["init"], ["cards"], ["issue"], ["issue", "show"], ["issue", "move"], ["ledger"]] {
            let help = try await OrketProgram.run(words + ["--help"])
            #expect(help.exitCode == 0 && help.output.contains("Examples:"), "\(words)")
        }
        let bad = try await run("cards", "--board", board, "--status", "active", "--type", "bug", "--limit", "0")
        #expect(bad.exitCode == 2)
        for option in ["--status", "--type", "--limit"] { #expect(bad.talk.contains(option)) }
        #expect(try await run("validate", scratch.path + "/none").exitCode == 2)
    }
}
