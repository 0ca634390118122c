import OrketCore
import OrketStore
import OrketSystem
import Testing

/// A board with two issues and one proven fixture, in a directory of its own, with keys and evidence of its own.
final class GatePlace: Sendable {
    let scratch = ScratchDirectory()

    var board: String { scratch.path + "/board" }

    /// Made by the commands that a user would use; only the cards are put in by hand.
    init(fixtures: [String] = ["sum"], isProven: Bool = true) async throws {
        _ = try scratch.makeDirectory("board")
        _ = try scratch.makeDirectory("board/fixtures")
        _ = try scratch.makeDirectory("board/.orket")
        let made = try await orket(["fixture", "init", "\(board)/fixtures/sum", "--kind", "cli", "--language", "bash"])
        try #require(made.exitCode == 0, "\(made.talk)")
        if isProven { try await prove() }
        let store = try #require(try await BoardStore.open(board + "/.orket/board.sqlite", now: Self.now))
        var issues: [OrketCore.Issue] = []
        for name in ["ONE", "TWO"] {
            var issue = OrketCore.Issue(id: CardID(name)!)
            issue.card.parent = CardID("EPIC")
            issue.verification.fixtures = fixtures
            issues.append(issue)
        }
        try await store.adopt(issues, into: BuildID("b")!, at: Self.now)
    }

    private static let now = UTCTime(milliseconds: 1_770_000_000_000)

    func prove() async throws {
        let proven = try await orket(["fixture", "prove", "\(board)/fixtures/sum"])
        try #require(proven.exitCode == 0, "\(proven.output)\(proven.talk)")
    }

    func orket(_ arguments: [String], user: String = "ada") async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            arguments,
            environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state", "USER=\(user)"])
    }

    /// `orket gate` about an issue of this board.
    func gate(_ command: String, _ issue: String, _ arguments: [String] = []) async throws -> OrketProgram.Ended {
        try await orket(["gate", command, issue, "--board", board] + arguments)
    }

    /// The answer of `check` or `complete`, which has the published form.
    func answer(_ command: String, _ issue: String, _ arguments: [String]) async throws -> (code: Int32?, JSONValue) {
        let ended = try await gate(command, issue, arguments + ["--json"])
        try #require(!ended.stdout.isEmpty, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "gate").violations(document) {
            Testing.Issue.record("\(violation)")
        }
        return (ended.exitCode, document)
    }

    /// A candidate's directory: the fixture's own program, or another in its place.
    func candidate(_ name: String, _ program: String? = nil) throws -> String {
        let directory = try scratch.makeDirectory(name)
        let text = try program ?? Files.text("\(board)/fixtures/sum/main.sh")
        try scratch.write("\(name)/main.sh", text)
        return directory
    }

    func status(_ issue: String) async throws -> CardStatus? {
        let store = try #require(try await BoardStore.open(board + "/.orket/board.sqlite", now: Self.now))
        return try await store.issue(CardID(issue)!)?.status
    }
}

extension JSONValue {
    /// The codes of an answer's reasons.
    var reasonCodes: [String] { self["reasons"]?.elements.compactMap { $0["code"]?.string } ?? [] }
}
