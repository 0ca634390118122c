internal import GRDB
package import OrketCore

extension BoardStore {
    /// Linear in the number of cards; the write lock is held meanwhile.
    @discardableResult
    package func define(
        _ definitions: [CardDefinition], stamp: String, by actor: Actor, at time: UTCTime
    ) async throws(StoreError) -> BoardChange {
        let path = path
        return try await file.write { db in
            var writer = try DefinitionWriter(db: db, path: path, actor: actor, time: time)
            for definition in definitions { try writer.define(definition) }
            try writer.removeTheRest()
            try writer.connect()
            try db.execute(
                sql: """
                    INSERT INTO boardFiles (one, stamp, atMs) VALUES (1, ?, ?)
                    ON CONFLICT (one) DO UPDATE SET stamp = excluded.stamp, atMs = excluded.atMs
                    """, arguments: [stamp, time.milliseconds])
            return writer.change
        }
    }
}

/// Brings the cards of one store to what files say, within one transaction.
private struct DefinitionWriter {
    /// What of a stored card matters here.
    struct Known {
        var definition: String
        var type: String
        var status: String
        var waitReason: String?
        var version: Int64
        var parent: String?
        var build: String?
        var isDefined: Bool
    }

    let db: Database
    let path: String
    let actor: Actor
    let time: UTCTime
    var known: [String: Known] = [:]
    var seen: Set<String> = []
    /// Cards whose dependencies may have changed.
    var touched: [CardDefinition] = []
    var nextNumber: Int64
    var change = BoardChange()

    init(db: Database, path: String, actor: Actor, time: UTCTime) throws {
        (self.db, self.path, self.actor, self.time) = (db, path, actor, time)
        nextNumber = try Int64.fetchOne(db, sql: "SELECT coalesce(max(number), 0) + 1 FROM card")!
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, definition, type, status, waitReason, version, parent, build, isDefined FROM card")
        while let row = try rows.next() {
            let read = BoardRow(row: row, file: path, what: "a card")
            known[try read.text("id")] = Known(
                definition: try read.text("definition"), type: try read.text("type"), status: try read.text("status"),
                waitReason: try read.optionalText("waitReason"), version: try read.integer("version"),
                parent: try read.optionalText("parent"), build: try read.optionalText("build"),
                isDefined: try read.integer("isDefined") != 0)
        }
    }

    mutating func define(_ definition: CardDefinition) throws {
        let card = definition.card
        seen.insert(card.id.text)
        let text = definition.json.text
        guard let old = known[card.id.text] else { return try begin(definition, text) }
        let isSame =
            old.definition == text && old.isDefined && old.parent == card.parent?.text
            && (card.build == nil || old.build == card.build?.text)
        if isSame { return }
        if old.type != card.type.rawValue {
            throw StoreError(
                .refused, path,
                "card \(card.id) is of the type \(old.type), and the files make it \(card.type.rawValue)",
                repair: "give the new card another id")
        }
        try addEvent(card.id.text, old, reason: "")
        try db.execute(
            sql: """
                UPDATE card SET version = version + 1, definition = ?, parent = ?, build = coalesce(?, build),
                    isDefined = 1, assignee = CASE
                        WHEN json_extract(definition, '$.assignee') IS NOT json_extract(?, '$.assignee')
                        THEN json_extract(?, '$.assignee') ELSE assignee END
                WHERE id = ?
                """, arguments: [text, card.parent?.text, card.build?.text, text, text, card.id.text])
        touched.append(definition)
        change.changed.append(card.id)
    }

    private mutating func begin(_ definition: CardDefinition, _ text: String) throws {
        let card = definition.card
        guard CardDefinition.firstStatuses.contains(card.status) else {
            throw StoreError(.refused, path, "card \(card.id) cannot begin as \(card.status.rawValue)")
        }
        let event = HistoryEntry(
            card: card.id, version: 1, at: time, actor: actor, cause: .created, from: nil, to: card.status,
            waitReason: card.waitReason)
        try event.insert(db)
        var assignee: String?
        if case .issue(let issue) = definition { assignee = issue.assignee }
        try db.cachedStatement(
            sql: """
                INSERT INTO card (number, id, status, waitReason, version, parent, build, assignee, isDefined,
                    createdAtMs, enteredAtMs, definition) VALUES (?, ?, ?, ?, 1, ?, ?, ?, 1, ?, ?, ?)
                """
        ).execute(
            arguments: [
                nextNumber, card.id.text, card.status.rawValue, card.waitReason?.rawValue, card.parent?.text,
                card.build?.text, assignee, time.milliseconds, time.milliseconds, text,
            ])
        nextNumber += 1
        touched.append(definition)
        change.added.append(card.id)
    }

    mutating func removeTheRest() throws {
        for (id, old) in known.sorted(by: { $0.key < $1.key }) where old.isDefined && !seen.contains(id) {
            try addEvent(id, old, reason: "no file names it any more")
            try db.execute(
                sql: "UPDATE card SET version = version + 1, isDefined = 0 WHERE id = ?", arguments: [id])
            if let card = CardID(id) { change.removed.append(card) }
        }
    }

    /// Once all cards are there.
    func connect() throws {
        for definition in touched {
            try db.cachedStatement(sql: "DELETE FROM cardDependency WHERE card = ?")
                .execute(arguments: [definition.id.text])
            for (position, needs) in definition.dependsOn.enumerated() {
                try db.cachedStatement(sql: "INSERT INTO cardDependency (card, position, needs) VALUES (?, ?, ?)")
                    .execute(arguments: [definition.id.text, position, needs.text])
            }
        }
    }

    private func addEvent(_ id: String, _ old: Known, reason: String) throws {
        guard let card = CardID(id), let status = CardStatus(rawValue: old.status) else {
            throw StoreError(.corrupted, path, "card \(id): its id or status is not readable")
        }
        let event = HistoryEntry(
            card: card, version: old.version + 1, at: time, actor: actor, cause: .defined, from: status, to: status,
            waitReason: old.waitReason.flatMap(WaitReason.init), reason: reason)
        try event.insert(db)
    }
}
