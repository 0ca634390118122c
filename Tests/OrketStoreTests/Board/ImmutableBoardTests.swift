import OrketCore
import OrketStoreSamples
import Testing

@testable import OrketStore

@Suite("What another program may do to a board: nothing that breaks a rule")
struct ImmutableBoardTests {
    private let place = StorePlace()

    private func fill() async throws {
        let store = try await place.board()
        try await store.define(BoardSample.definitions(), stamp: "1", by: BoardSample.person, at: BoardSample.now)
        try await store.open(BoardSample.session())
        for status in [CardStatus.inProgress, .codeReview, .done] {
            let card = try #require(try await store.card(BoardSample.id("schema")))
            let evidence = BoardSample.evidence(of: card.id)
            try await store.change(BoardSample.request(card, .move(status), evidence: evidence))
        }
        let attempt = IssueAttempt(
            issue: BoardSample.id("api"), session: BoardSample.session, number: 1, startedAt: BoardSample.now)
        _ = try await store.commit(WorkStep(attempt.issue, attempt: .begin(attempt), at: BoardSample.now))
        _ = try await store.commit(
            WorkStep(attempt.issue, attempt: .close(number: 1, AttemptResult(.cancelled)), at: BoardSample.now))
        try await store.comment(BoardSample.epic, "x", by: "ada", at: BoardSample.now)
        try await store.add(
            TurnSnapshot(session: BoardSample.session, turn: 1, at: BoardSample.now, body: .object([])))
        _ = try await store.record(JournalStep(session: BoardSample.session, key: "k", at: BoardSample.now))
        try await store.close(BoardSample.session, .completed, at: BoardSample.now)
    }

    private static let attacks = [
        "UPDATE card SET status = 'done' WHERE id = 'api'",
        "UPDATE card SET status = 'done', version = version + 1 WHERE id = 'api'",
        "UPDATE card SET version = version + 1 WHERE id = 'api'",
        "UPDATE card SET number = 77, version = version + 1 WHERE id = 'api'",
        "DELETE FROM card WHERE id = 'app'",
        "INSERT OR REPLACE INTO card SELECT 3, 'api', 'done', NULL, 1, NULL, NULL, NULL, 1, 0, 0, definition FROM card",
        "UPDATE cardEvent SET actor = 'someone'", "DELETE FROM cardEvent",
        "INSERT OR REPLACE INTO cardEvent SELECT * FROM cardEvent WHERE number = 1",
        "INSERT INTO cardEvent SELECT max(number) + 1, 'api', 2, 0, 'person', 'x', 'moved', '[]', 'ready', 'done', NULL, '', NULL FROM cardEvent",
        "INSERT INTO cardEvent SELECT max(number) + 1, 'api', 2, 0, 'person', 'x', 'moved', '[]', 'done', 'ready', NULL, '', NULL FROM cardEvent",
        "INSERT INTO cardEvent SELECT max(number) + 1, 'api', 2, 0, 'person', 'x', 'moved', '[]', 'ready', 'blocked', NULL, '', NULL FROM cardEvent",
        "UPDATE success SET card = 'api'", "DELETE FROM success",
        "INSERT INTO success VALUES (2, 'api', 1, 0)", "INSERT INTO success VALUES (2, 'schema', 4, 0)",
        "DELETE FROM usedReceipt", "UPDATE usedReceipt SET card = 'api'",
        "UPDATE attempt SET result = 'verified'", "DELETE FROM attempt",
        "UPDATE session SET outcome = 'failed'", "DELETE FROM session", "UPDATE sessionBuild SET build = 'x'",
        "UPDATE snapshot SET body = '{}'", "DELETE FROM snapshot", "UPDATE journalStep SET body = '{}'",
        "DELETE FROM journalStep", "UPDATE comment SET text = 'y'", "DELETE FROM comment",
        "DELETE FROM migration", "UPDATE migration SET checksum = name",
        "INSERT INTO cardDependency VALUES ('api', 9, 'api')", "INSERT INTO cardDependency VALUES ('api', 9, 'schema')",
        "INSERT INTO cardDependency VALUES ('api', 9, 'nowhere')",
    ]

    @Test(
        "the irreversible ledger used insert-or-replace: no statement of another program changes what is recorded")
    func attacks() async throws {
        try await fill()
        let script = Self.attacks.map { statement in
            """
            try:
                c.execute('BEGIN'); c.execute("\(statement)"); c.execute('COMMIT'); print("accepted: \(statement)")
            except sqlite3.IntegrityError:
                c.execute('ROLLBACK')

            """
        }.joined()
        let said = try await HostCommand.python(place.boardPath, "c.execute('PRAGMA foreign_keys = ON')\n" + script)
        #expect(said == "")
        let store = try await place.board()
        #expect(try await store.card(BoardSample.id("api"))?.version == 1)
    }

    @Test("corrupt JSON columns silently became {} or []: each is an error that names the card and the column")
    func corruptJSON() async throws {
        try await fill()
        func spoil(_ statements: String) async throws {
            try await HostCommand.python(
                place.boardPath,
                """
                c.execute('PRAGMA ignore_check_constraints = ON')
                for t in [r[0] for r in c.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()]:
                    c.execute('DROP TRIGGER ' + t)
                \(statements)

                """)
        }
        try await spoil(
            """
            c.execute("UPDATE cardEvent SET roles = '[' WHERE card = 'api'")
            c.execute("UPDATE card SET definition = json_set(definition, '$.depends_on', 7) WHERE id = 'app'")
            c.execute("UPDATE attempt SET reasons = '{}'")
            c.execute("UPDATE card SET status = 'banana' WHERE id = 'schema'")
            """)
        let store = try await place.board()
        let events = await #expect(throws: StoreError.self) { try await store.events(of: nil, limit: 99) }
        #expect(events?.code == .corrupted && events?.reason.contains("its roles is not readable") == true)
        let definition = await #expect(throws: StoreError.self) { try await store.definition(BoardSample.id("app")) }
        #expect(definition?.code == .corrupted && definition?.reason.contains("card app: `depends_on`") == true)
        let attempts = await #expect(throws: WorkStoreFailure.self) {
            try await store.attempts(at: BoardSample.id("api"))
        }
        guard case .corrupted = attempts else { throw attempts! }
        let card = await #expect(throws: StoreError.self) { try await store.card(BoardSample.id("schema")) }
        #expect(card?.code == .corrupted && card?.reason == "card schema: its status is not readable")
        #expect(try await store.card(BoardSample.id("app"))?.status == .ready, "the others can be read")
    }

    @Test("released migrations of boards are never edited")
    func pinned() {
        #expect(
            BoardSchema.current.migrations.map(\.checksum) == [
                "4b4cd0b65e8de3a085c7137ee527d5cb198b736322e257017919e836edacee27",
                "04a48f643edb7e603e8ab9bafade552ac839e337f27440dd99ef05a92fcb3e85",
            ])
    }

    @Test("the tables and columns that are exported are those that there are")
    func tables() async throws {
        _ = try await place.board()
        let said = try await HostCommand.python(
            place.boardPath,
            """
            for (t,) in c.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration' ORDER BY name").fetchall():
                print(t, *[r[1] for r in c.execute(f"PRAGMA table_xinfo({t})").fetchall() if r[6] == 0])

            """)
        let expected = BoardSchema.tables.map { ([$0.name] + $0.columns).joined(separator: " ") }.sorted()
        #expect(said.split(separator: "\n").map(String.init).sorted() == expected)
    }
}
