internal import GRDB
package import OrketCore

extension BoardStore: EventLog {
    /// As `EventLog` promises.
    package func events(
        of card: CardID?, after number: Int64 = 0, limit: Int
    ) async throws(StoreError) -> [CardEvent] {
        let path = path
        return try await file.read { db in
            let clause = card == nil ? "" : "card = :card AND"
            return try Row.fetchAll(
                db, sql: "SELECT * FROM cardEvent WHERE \(clause) number > :after ORDER BY number LIMIT :limit",
                arguments: StatementArguments(
                    ["after": number, "limit": Self.page(limit)].merging(card.map { ["card": $0.text] } ?? [:]) { $1 }
                        as [String: (any DatabaseValueConvertible)?])
            ).map { row in try Self.event(row, path) }
        }
    }

    private static func event(_ found: Row, _ path: String) throws(StoreError) -> CardEvent {
        let number = Int64.fromDatabaseValue(found["number"]) ?? 0
        let row = BoardRow(row: found, file: path, what: "entry \(number) of the history")
        guard let cause = CardEvent.Cause(try row.text("cause")) else { throw row.damaged("cause") }
        return CardEvent(
            number: number, card: try row.name("card", CardID.self), version: try row.integer("version"),
            at: try row.time("atMs"), actor: try row.actor(), cause: cause,
            roles: try row.names("roles", RoleID.self), from: try row.optionalWord("fromStatus", CardStatus.self),
            to: try row.word("toStatus", CardStatus.self),
            waitReason: try row.optionalWord("waitReason", WaitReason.self), reason: try row.text("reason"),
            evidence: try row.optionalJSON("evidence"))
    }

    /// As `EventLog` promises; without such a card the error is `absent`.
    @discardableResult
    package func comment(
        _ card: CardID, _ text: String, by author: String, at time: UTCTime
    ) async throws(StoreError) -> CardComment {
        let path = path
        return try await file.write { db in
            guard try Self.record(card, db, path) != nil else {
                throw StoreError(.absent, path, "there is no card '\(card)'")
            }
            let number = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO comment (number, card, atMs, author, text)
                    SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM comment RETURNING number
                    """, arguments: [card.text, time.milliseconds, author, text])
            return CardComment(number: number!, card: card, at: time, author: author, text: text)
        }
    }

    /// As `EventLog` promises.
    package func comments(on card: CardID) async throws(StoreError) -> [CardComment] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM comment WHERE card = ? ORDER BY number", arguments: [card.text]
            ).map { found in
                let row = BoardRow(row: found, file: path, what: "a comment on \(card)")
                return CardComment(
                    number: try row.integer("number"), card: card, at: try row.time("atMs"),
                    author: try row.text("author"), text: try row.text("text"))
            }
        }
    }
}

extension BoardStore: SuccessLedger {
    /// As `SuccessLedger` promises, with what the history says of each.
    package func successes(limit: Int, before number: Int64? = nil) async throws(StoreError) -> [Success] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT s.number, s.card, s.version, s.atMs, c.type, e.actorKind, e.actor, e.evidence
                    FROM success s JOIN card c ON c.id = s.card
                    JOIN cardEvent e ON e.card = s.card AND e.version = s.version
                    WHERE s.number < ? ORDER BY s.number DESC LIMIT ?
                    """, arguments: [number ?? .max, Self.page(limit)]
            ).map { found in
                let row = BoardRow(row: found, file: path, what: "an entry of the ledger")
                return Success(
                    number: try row.integer("number"), card: try row.name("card", CardID.self),
                    type: try row.word("type", CardType.self), version: try row.integer("version"),
                    at: try row.time("atMs"), actor: try row.actor(), evidence: try row.optionalJSON("evidence"))
            }
        }
    }

    /// As `SuccessLedger` promises.
    package func used(_ receipts: [HexDigest]) async throws(StoreError) -> [HexDigest: CardID] {
        let path = path
        return try await file.read { db in try Self.used(receipts, db, path) }
    }

    static func used(_ receipts: [HexDigest], _ db: Database, _ path: String) throws -> [HexDigest: CardID] {
        var used: [HexDigest: CardID] = [:]
        for receipt in receipts {
            let card = try String.fetchOne(
                db, sql: "SELECT card FROM usedReceipt WHERE receipt = ? LIMIT 1", arguments: [receipt.text])
            guard let card else { continue }
            guard let id = CardID(card) else {
                throw StoreError(.corrupted, path, "the card of the receipt \(receipt) is not readable")
            }
            used[receipt] = id
        }
        return used
    }
}
