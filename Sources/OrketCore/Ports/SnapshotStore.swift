/// What was known after each turn of a session: appended, never changed, so that a session can be gone through again.
package protocol SnapshotStore: Sendable {
    /// Keeps a snapshot: each turn of a session once, in rising order.
    func add(_ snapshot: TurnSnapshot) async throws(StoreError)

    /// Snapshots of a session by their turns, those after `turn`, at most `limit`.
    func snapshots(of session: SessionID, after turn: Int, limit: Int) async throws(StoreError) -> [TurnSnapshot]
}

/// What was known after one turn of a session.
package struct TurnSnapshot: Sendable, Hashable {
    package var session: SessionID
    /// From 1.
    package var turn: Int
    package var at: UTCTime
    /// An object, at most 4 MiB as text.
    package var body: JSONValue

    /// A snapshot of all its parts.
    package init(session: SessionID, turn: Int, at: UTCTime, body: JSONValue) {
        self.session = session
        self.turn = turn
        self.at = at
        self.body = body
    }
}
