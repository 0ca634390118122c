internal import GRDB
internal import OrketCore

/// An entry of a card's history that is about to be written, before the change itself.
struct HistoryEntry {
    var card: CardID
    var version: Int64
    var at: UTCTime
    var actor: Actor
    var cause: CardEvent.Cause
    var roles: Set<RoleID> = []
    var from: CardStatus?
    var to: CardStatus
    var waitReason: WaitReason?
    var reason = ""
    var evidence: JSONValue?

    func insert(_ db: Database) throws {
        let roles = JSONValue.array(roles.sorted().map { .string($0.text) })
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO cardEvent (number, card, version, atMs, actorKind, actor, cause, roles, fromStatus, toStatus,
                    waitReason, reason, evidence)
                VALUES ((SELECT coalesce(max(number), 0) + 1 FROM cardEvent), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            card.text, version, at.milliseconds, actor.kind.rawValue, actor.name, cause.text, roles.text,
            from?.rawValue, to.rawValue, waitReason?.rawValue, reason, evidence?.text,
        ])
    }
}
