internal import GRDB
package import OrketCore

extension BoardStore {
    /// Facts, decision and writing are one IMMEDIATE transaction.
    @discardableResult
    package func change(_ request: TransitionRequest) async throws(WorkStoreFailure) -> CardRecord {
        let path = path
        return try await work { db in
            try Self.change(request, db, path)
            return try Self.record(request.card, db, path)!
        }
    }

    /// As `CardStore` promises.
    @discardableResult
    package func assign(
        _ id: CardID, version: Int64, to assignee: String?, by actor: Actor, at time: UTCTime
    ) async throws(WorkStoreFailure) -> CardRecord {
        let path = path
        return try await work { db in
            guard let card = try Self.record(id, db, path) else { throw WorkStoreFailure.noSuchCard(id) }
            if card.version != version {
                throw WorkStoreFailure.conflict(
                    "card '\(id)' changed since it was read (version \(card.version), not \(version)): read it again")
            }
            if card.assignee == assignee { return card }
            let event = HistoryEntry(
                card: id, version: version + 1, at: time, actor: actor, cause: .assigned, from: card.status,
                to: card.status, waitReason: card.waitReason, reason: assignee ?? "")
            try event.insert(db)
            try db.execute(
                sql: "UPDATE card SET version = version + 1, assignee = ? WHERE id = ?", arguments: [assignee, id.text])
            return try Self.record(id, db, path)!
        }
    }

    /// Decides by what is stored now, and writes. Within a transaction of the caller.
    static func change(_ request: TransitionRequest, _ db: Database, _ path: String) throws {
        guard let facts = try facts(request.card, db, path) else { throw WorkStoreFailure.noSuchCard(request.card) }
        guard let transition = try StateMachine.decide(request, facts: facts) else { return }
        try write(transition, db, path)
    }

    static func facts(_ id: CardID, _ db: Database, _ path: String) throws -> TransitionFacts? {
        guard
            let found = try Row.fetchOne(
                db,
                sql: """
                    SELECT type, status, version, waitReason,
                        CASE WHEN type = 'issue' THEN json_extract(definition, '$.max_retries') + 1 END AS attempts
                    FROM card WHERE id = ?
                    """, arguments: [id.text])
        else { return nil }
        let row = BoardRow(row: found, file: path, what: "card \(id)")
        let budget = try row.optionalInteger("attempts")
        return TransitionFacts(
            type: try row.word("type", CardType.self), status: try row.word("status", CardStatus.self),
            version: try row.integer("version"), waitReason: try row.optionalWord("waitReason", WaitReason.self),
            openDependencies: try names(
                """
                SELECT n.id FROM cardDependency d JOIN card n ON n.id = d.needs
                WHERE d.card = ? AND n.status <> 'done' ORDER BY d.position
                """, id, db),
            openChildren: try names(
                """
                SELECT id FROM card WHERE parent = ? AND isDefined = 1
                    AND status NOT IN ('done', 'canceled', 'archived') ORDER BY number
                """, id, db),
            attemptsLeft: try budget.map { Int($0) - (try countedAttempts(id, db)) })
    }

    private static func names(_ sql: String, _ id: CardID, _ db: Database) throws -> [CardID] {
        try String.fetchAll(db, sql: sql, arguments: [id.text]).compactMap(CardID.init)
    }

    /// Attempts since the last reset that count against the budget: neither those that somebody stopped nor those that a
    /// crash ended.
    private static func countedAttempts(_ id: CardID, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM attempt WHERE issue = :id
                    AND coalesce(result, '') NOT IN ('cancelled', 'interrupted')
                    AND cardVersion >= (SELECT coalesce(max(version), 0) FROM cardEvent WHERE card = :id AND cause = 'reset')
                """, arguments: ["id": id.text]) ?? 0
    }

    /// The only place of the program that writes a status: compare-and-set, history, and the ledger where the card became
    /// done.
    private static func write(_ transition: Transition, _ db: Database, _ path: String) throws {
        let evidence = transition.evidence.map(Success.evidence)
        let event = HistoryEntry(
            card: transition.card, version: transition.toVersion, at: transition.at, actor: transition.actor,
            cause: transition.event.map(CardEvent.Cause.system) ?? .moved, roles: transition.roles,
            from: transition.from, to: transition.to, waitReason: transition.waitReason, reason: transition.reason,
            evidence: evidence)
        try event.insert(db)
        try db.execute(
            sql: """
                UPDATE card SET status = ?, waitReason = ?, version = ?, enteredAtMs = CASE
                    WHEN status = ? THEN enteredAtMs ELSE ? END
                WHERE id = ? AND version = ? AND status = ?
                """,
            arguments: [
                transition.to.rawValue, transition.waitReason?.rawValue, transition.toVersion, transition.to.rawValue,
                transition.at.milliseconds, transition.card.text, transition.fromVersion, transition.from.rawValue,
            ])
        if db.changesCount != 1 {
            throw StoreError(.corrupted, path, "card \(transition.card) changed within a transaction of its own")
        }
        guard transition.to == .done, transition.from != .done else { return }
        try db.execute(
            sql: """
                INSERT INTO success (number, card, version, atMs)
                SELECT coalesce(max(number), 0) + 1, ?, ?, ? FROM success
                """, arguments: [transition.card.text, transition.toVersion, transition.at.milliseconds])
        guard case .receipts(let receipts) = transition.evidence?.basis else { return }
        for receipt in receipts {
            try db.execute(
                sql: """
                    INSERT INTO usedReceipt (receipt, card, success) SELECT ?, ?, max(number) FROM success WHERE true
                    ON CONFLICT DO NOTHING
                    """, arguments: [receipt.text, transition.card.text])
        }
    }
}
