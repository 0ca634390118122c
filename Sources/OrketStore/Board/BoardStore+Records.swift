internal import GRDB
package import OrketCore

extension BoardStore: SnapshotStore {
    /// As `SnapshotStore` promises.
    package func add(_ snapshot: TurnSnapshot) async throws(StoreError) {
        try await file.write { db in
            try db.execute(
                sql: "INSERT INTO snapshot (session, turn, atMs, body) VALUES (?, ?, ?, ?)",
                arguments: [
                    snapshot.session.text, snapshot.turn, snapshot.at.milliseconds, snapshot.body.text,
                ])
        }
    }

    /// As `SnapshotStore` promises.
    package func snapshots(
        of session: SessionID, after turn: Int = 0, limit: Int
    ) async throws(StoreError) -> [TurnSnapshot] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM snapshot WHERE session = ? AND turn > ? ORDER BY turn LIMIT ?",
                arguments: [session.text, turn, Self.page(limit)]
            ).map { found in
                let row = BoardRow(row: found, file: path, what: "a snapshot of \(session)")
                return TurnSnapshot(
                    session: session, turn: Int(try row.integer("turn")), at: try row.time("atMs"),
                    body: try row.json("body"))
            }
        }
    }
}

extension BoardStore: RunJournal {
    /// As `RunJournal` promises.
    @discardableResult
    package func record(_ step: JournalStep) async throws(StoreError) -> Bool {
        try await file.write { db in
            let isThere = try Bool.fetchOne(
                db, sql: "SELECT count(*) > 0 FROM journalStep WHERE session = ? AND key = ?",
                arguments: [step.session.text, step.key])
            if isThere == true { return false }
            try db.execute(
                sql: """
                    INSERT INTO journalStep (number, session, key, atMs, body)
                    SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM journalStep
                    """, arguments: [step.session.text, step.key, step.at.milliseconds, step.body.text])
            return true
        }
    }

    /// As `RunJournal` promises.
    package func steps(
        of session: SessionID, after number: Int64 = 0, limit: Int
    ) async throws(StoreError) -> [JournalStep] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM journalStep WHERE session = ? AND number > ? ORDER BY number LIMIT ?",
                arguments: [session.text, number, Self.page(limit)]
            ).map { found in
                let row = BoardRow(row: found, file: path, what: "a step of \(session)")
                var step = JournalStep(
                    session: session, key: try row.text("key"), at: try row.time("atMs"), body: try row.json("body"))
                step.number = try row.integer("number")
                return step
            }
        }
    }
}
