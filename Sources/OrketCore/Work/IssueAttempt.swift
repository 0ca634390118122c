/// One try at one issue: opened before its worker starts, closed once. What it has reached is stored step by step, so that a run
/// that was killed goes on from there and does nothing twice. An open attempt that nobody works on was interrupted.
package struct IssueAttempt: Sendable, Hashable {
    package var issue: CardID
    package var session: SessionID
    /// From 1, without gaps within an issue.
    package var number: Int
    package var startedAt: UTCTime
    package var endedAt: UTCTime?
    /// Of the candidate that the worker delivered; nil before.
    package var candidate: HexDigest?
    /// Records of the verifications, in the order of the fixtures; nil before, empty when there was nothing to record.
    package var evidence: [EvidenceID]?
    /// Nil while it is open.
    package var result: AttemptResult?
    /// Milliseconds of work, and of verification.
    package var workMs: Int64 = 0
    package var verificationMs: Int64 = 0

    /// An attempt that begins.
    package init(issue: CardID, session: SessionID, number: Int, startedAt: UTCTime) {
        self.issue = issue
        self.session = session
        self.number = number
        self.startedAt = startedAt
    }
}

/// How one attempt ended.
package struct AttemptResult: Sendable, Hashable {
    /// The kind of its end; the raw values stand in the store.
    package enum Kind: String, Sendable, CaseIterable {
        /// The gate accepted its evidence.
        case verified
        /// The gate refused: failed, missing, stale or weak evidence.
        case refused
        /// A reviewer sent it back.
        case rejected
        /// The worker produced no candidate.
        case workFailed = "work_failed"
        /// It ran out of its budget of time.
        case outOfTime = "out_of_time"
        /// We could not find out: setup failed, a supervisor was lost.
        case inconclusive
        /// What was delivered does not fit what others delivered meanwhile.
        case conflict
        case cancelled
        /// The process that ran it ended first.
        case interrupted

        /// It uses up one of the issue's attempts: it came to an end of its own.
        package var counts: Bool { self != .cancelled && self != .interrupted }
    }

    package var kind: Kind
    /// Why, a sentence each, the most important first; empty exactly when verified. May quote strangers: escape them.
    package var reasons: [String]
    /// Of the failure; nil when there was none of the candidate's or worker's.
    package var fingerprint: FailureFingerprint?

    /// An end with its reasons.
    package init(_ kind: Kind, reasons: [String] = [], fingerprint: FailureFingerprint? = nil) {
        self.kind = kind
        self.reasons = reasons
        self.fingerprint = fingerprint
    }
}

/// What stands for one way to fail: equal for two attempts that failed alike, so that a third one can be spared.
package struct FailureFingerprint: Sendable, Hashable {
    /// SHA-256 of `FailureShape.text`.
    package let digest: HexDigest

    /// A fingerprint that was computed or stored.
    package init(_ digest: HexDigest) { self.digest = digest }
}
