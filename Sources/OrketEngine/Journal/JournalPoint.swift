/// Every place of a run where something becomes durable. A run that is killed just before or after any of them ends, resumed, as
/// it would have ended.
package enum JournalPoint: String, Sendable, CaseIterable {
    /// The session and its issues are stored.
    case opened
    /// An attempt begins.
    case begun
    /// Its candidate is known; the work will not be done again.
    case delivered
    /// Its evidence is known; the candidate will not be verified again.
    case verified
    /// The candidate is in the result of its build.
    case integrated
    /// The issue is done.
    case completed
    /// The attempt failed; the issue is ready again or blocked.
    case failed
    /// An attempt that nobody works on any more was closed, or a blocked issue is ready again.
    case recovered
    /// The session has its outcome.
    case closed
}

/// Is told of journal points; for tests that end the process there.
package protocol JournalWitness: Sendable {
    /// Called just before and just after the write of `point`, about `subject`: an issue or a session.
    func reached(_ point: JournalPoint, written: Bool, subject: String)
}
