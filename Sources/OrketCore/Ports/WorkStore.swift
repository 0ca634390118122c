/// Keeps issues, attempts and sessions. What a call has returned is on the disk; what it has thrown has changed nothing.
package protocol WorkStore: Sendable {
    /// Adds the issues that are not there yet, in this order, as they are in their files. Those that are there keep
    /// everything: no run resets anything by itself.
    func adopt(_ issues: [Issue], into build: BuildID, at time: UTCTime) async throws(WorkStoreFailure)

    /// Every issue of a build in the order of its creation.
    func issues(of build: BuildID) async throws(WorkStoreFailure) -> [StoredIssue]

    /// One issue; nil when there is none.
    func issue(_ id: CardID) async throws(WorkStoreFailure) -> StoredIssue?

    /// Attempts at an issue, the first one first.
    func attempts(at issue: CardID) async throws(WorkStoreFailure) -> [IssueAttempt]

    /// Writes all parts of a step in one transaction, or none of them. The facts for `StateMachine.decide` are read in that
    /// transaction; becoming done adds to the ledger there. Returns the issue as it is afterwards.
    func commit(_ step: WorkStep) async throws(WorkStoreFailure) -> StoredIssue

    /// Which of the receipts have completed an issue, and which.
    func completions(by receipts: [HexDigest]) async throws(WorkStoreFailure) -> [HexDigest: CardID]

    /// Stores a session that begins.
    func open(_ session: RunSession) async throws(WorkStoreFailure)

    /// Closes an open session; closing one again with the same outcome changes nothing.
    func close(_ session: SessionID, _ outcome: RunOutcome, at time: UTCTime) async throws(WorkStoreFailure)

    /// One session; nil when there is none.
    func session(_ id: SessionID) async throws(WorkStoreFailure) -> RunSession?

    /// Sessions that work on a build, the last one first, at most `limit`.
    func sessions(of build: BuildID, limit: Int) async throws(WorkStoreFailure) -> [RunSession]
}

/// An issue as it is kept.
package struct StoredIssue: Sendable, Hashable, Identifiable {
    /// With its present status and wait reason.
    package var issue: Issue
    package var build: BuildID
    /// From 1; one more with every transition.
    package var version: Int64
    /// Place in the order of creation within the build, from 0.
    package var position: Int
    package var createdAt: UTCTime
    package var enteredStatusAt: UTCTime
    /// Attempts that were begun.
    package var attempts: Int
    /// Number of the first attempt since the last reset: earlier ones use up nothing of the budget.
    package var countsFrom = 1

    /// An issue with what the store adds to it.
    package init(
        _ issue: Issue, build: BuildID, version: Int64 = 1, position: Int, createdAt: UTCTime,
        enteredStatusAt: UTCTime, attempts: Int = 0
    ) {
        self.issue = issue
        self.build = build
        self.version = version
        self.position = position
        self.createdAt = createdAt
        self.enteredStatusAt = enteredStatusAt
        self.attempts = attempts
    }

    package var id: CardID { issue.id }
    package var status: CardStatus { issue.card.status }
}

/// What is written about one issue at once.
package struct WorkStep: Sendable {
    /// What becomes of the attempt.
    package enum Attempt: Sendable {
        /// Its number must be one more than the last one's, and the last one must be closed.
        case begin(IssueAttempt)
        case deliver(number: Int, candidate: HexDigest, workMs: Int64)
        case verify(number: Int, evidence: [EvidenceID], verificationMs: Int64)
        /// `endedAt` is the time of the step. Closing one that is closed is refused.
        case close(number: Int, AttemptResult)
    }

    package var issue: CardID
    /// About the same issue; nil where its status stays.
    package var transition: TransitionRequest?
    package var attempt: Attempt?
    package var at: UTCTime

    /// A step with the time of its transition.
    package init(_ transition: TransitionRequest, attempt: Attempt? = nil) {
        issue = transition.card
        self.transition = transition
        self.attempt = attempt
        at = transition.at
    }

    /// A step of an attempt that leaves the status as it is.
    package init(_ issue: CardID, attempt: Attempt, at: UTCTime) {
        self.issue = issue
        transition = nil
        self.attempt = attempt
        self.at = at
    }
}

/// Why nothing was read or written.
package enum WorkStoreFailure: Error, Sendable, Hashable {
    case refused(TransitionRefusal)
    case noSuchCard(CardID)
    /// An attempt, session or card that contradicts what is kept; a sentence.
    case conflict(String)
    /// What is kept cannot be read; a sentence that names it.
    case corrupted(String)
    /// Locked too long, full, read-only, gone; a sentence that names it and the repair.
    case unavailable(String)
}
