/// Does the work: makes a candidate of an issue. Whoever it is (a command, recorded answers, a model), it says nothing about
/// whether the candidate is good.
package protocol IssueWorker: Sendable {
    /// Returns when the candidate is kept under its digest, so that it outlives a crash. Ends soon after the task is
    /// cancelled, and leaves nothing running then.
    func work(_ assignment: Assignment) async throws(WorkFailure) -> Delivery
}

/// What a worker gets.
package struct Assignment: Sendable {
    package let issue: Issue
    package let build: BuildID
    package let session: SessionID
    /// From 1.
    package let attempt: Int
    /// Why earlier attempts were not enough, the first one first.
    package let feedback: [AttemptResult]
    /// How long the work may take, milliseconds.
    package let wallMs: Int64

    /// An attempt at `issue`.
    package init(
        issue: Issue, build: BuildID, session: SessionID, attempt: Int, feedback: [AttemptResult], wallMs: Int64
    ) {
        self.issue = issue
        self.build = build
        self.session = session
        self.attempt = attempt
        self.feedback = feedback
        self.wallMs = wallMs
    }
}

/// What a worker returns.
package struct Delivery: Sendable, Hashable {
    /// Digest of the content, under which it is kept.
    package let candidate: HexDigest

    /// A candidate that is kept.
    package init(candidate: HexDigest) { self.candidate = candidate }
}

/// Why there is no candidate.
package enum WorkFailure: Error, Sendable, Hashable {
    /// The worker's own: it uses up an attempt. A sentence, which may quote the worker.
    case noCandidate(String)
    /// Ours: no sandbox, no disk, no model. A sentence with the repair.
    case unavailable(String)
    /// The task was cancelled.
    case cancelled
}
