/// Verifies candidates with the fixtures of their issue.
package protocol Verifying: Sendable {
    /// Runs every fixture and returns their records, which are stored by then, in the order of the fixtures. A candidate
    /// that fails is a record, no error. Ends soon after the task is cancelled.
    func verify(_ job: VerificationJob) async throws(VerificationFailure) -> [EvidenceID]
}

/// One candidate to verify.
package struct VerificationJob: Sendable {
    package let issue: Issue
    package let candidate: HexDigest
    package let attempt: Int
    /// How long it may take, milliseconds.
    package let wallMs: Int64

    /// A candidate of `issue`.
    package init(issue: Issue, candidate: HexDigest, attempt: Int, wallMs: Int64) {
        self.issue = issue
        self.candidate = candidate
        self.attempt = attempt
        self.wallMs = wallMs
    }
}

/// Why nothing is known about a candidate.
package enum VerificationFailure: Error, Sendable, Hashable {
    /// Ours; a sentence with the repair.
    case unavailable(String)
    /// The task was cancelled.
    case cancelled
}

/// Asks the gate: brings the base versions of fixtures and policies, the receipts of the records, and what was used before,
/// to `Gate.decide`.
package protocol GateKeeping: Sendable {
    /// The ruling about `candidate`; asking again with the same evidence gives the same answer.
    func rule(
        on issue: Issue, candidate: HexDigest, evidence: [EvidenceID], at time: UTCTime
    ) async throws(VerificationFailure) -> GateRuling
}

/// Somebody's look at a candidate that the gate would accept.
package protocol Reviewing: Sendable {
    /// What the reviewer says; asking again must be possible, since a crash may lose the answer.
    func review(_ issue: Issue, candidate: HexDigest) async throws(VerificationFailure) -> ReviewDecision
}

/// What a reviewer says.
package enum ReviewDecision: Sendable, Hashable {
    case approved
    /// Back to the worker, with the reasons; a sentence each, never empty.
    case rejected([String])
}

/// Puts accepted candidates into the result of their build.
package protocol Integrating: Sendable {
    /// Does it with one effect however often it is asked for the same attempt, since a crash may lose the answer.
    func integrate(
        _ candidate: HexDigest, of issue: CardID, attempt: Int, into build: BuildID) async throws(IntegrationFailure)
}

/// Why a candidate is not part of the result.
package enum IntegrationFailure: Error, Sendable, Hashable {
    /// Others have changed the same since the work on it began; a sentence each.
    case conflict([String])
    /// Ours; a sentence with the repair.
    case unavailable(String)
    case cancelled
}
