internal import OrketCore

/// One issue in a run.
struct IssueState: Sendable {
    /// Where it is in the run; its status is in `stored`.
    enum Phase: Sendable, Hashable {
        /// Something that it depends on is not done.
        case waiting
        /// In the queue for work.
        case ready
        case working
        /// In the queue for verification.
        case delivered
        case verifying
        /// Gate, review, integration.
        case concluding
        /// Between two attempts.
        case delayed
        case finished(IssueResult.Kind)
    }

    var stored: StoredIssue
    var phase = Phase.waiting
    /// Since the last reset, the first one first.
    var attempts: [IssueAttempt] = []
    /// Of the plan: dependencies that are not done, within the run and outside of it.
    var openDependencies = 0
    /// Why it ended as it did; the last attempt's first.
    var reasons: [String] = []

    init(_ stored: StoredIssue) { self.stored = stored }

    var id: CardID { stored.id }
    var issue: Issue { stored.issue }
    var use: BudgetUse { BudgetUse(attempts) }

    /// The attempt that is open, if there is one.
    var open: IssueAttempt? { attempts.last.flatMap { $0.result == nil ? $0 : nil } }

    /// Attempts of one run that came to an end of their own, or are under way.
    func attempts(in session: SessionID) -> Int {
        attempts.count { $0.session == session && ($0.result?.kind.counts ?? true) }
    }

    /// What the last attempt's number would be followed by.
    var nextAttempt: Int { max(stored.attempts, attempts.last?.number ?? 0) + 1 }

    /// Nothing more becomes of it in this run.
    var isFinished: Bool {
        if case .finished = phase { true } else { false }
    }
}
