/// What a run has done so far, step by step, so that the next process can go on where a killed one stopped. A step is written
/// before its effect where the effect can be repeated, and with it where it cannot.
package protocol RunJournal: Sendable {
    /// Writes a step, once: a key that the session has already leaves everything as it is. When it returns, the step is on
    /// the disk. False when the step was there.
    @discardableResult
    func record(_ step: JournalStep) async throws(StoreError) -> Bool

    /// Steps of a session in their order, those after the number `after`, at most `limit`.
    func steps(of session: SessionID, after number: Int64, limit: Int) async throws(StoreError) -> [JournalStep]
}

/// One step of a run.
package struct JournalStep: Sendable, Hashable {
    /// Place in the journal of all sessions, from 1; 0 before it is written.
    package var number: Int64 = 0
    package var session: SessionID
    /// Names the step within the session, such as `login/2/verified`: 1...512 bytes.
    package var key: String
    package var at: UTCTime
    /// Whatever the engine needs to go on, an object, at most 1 MiB as text.
    package var body: JSONValue

    /// A step that is to be written.
    package init(session: SessionID, key: String, at: UTCTime, body: JSONValue = .object([])) {
        self.session = session
        self.key = key
        self.at = at
        self.body = body
    }
}
