/// The time of day, which may jump, and a steady one, which does not. Rules take times as values; only who runs them asks.
package protocol HostClock: Sendable {
    /// For records.
    var now: UTCTime { get }

    /// For durations: milliseconds since some moment, never less than before.
    var steadyMs: Int64 { get }

    /// Returns after so many milliseconds of the steady clock, or throws when the task is cancelled.
    func sleep(milliseconds: Int64) async throws(CancellationError)
}

/// Makes names that nobody has had: ids of sessions and of records.
package protocol IdentifierSource: Sendable {
    /// A session that does not exist yet.
    func session() -> SessionID
}

/// Random numbers where chance decides: the spread of waiting times.
package protocol Randomness: Sendable {
    /// A number of 0..<1.
    func unit() -> Double
}
