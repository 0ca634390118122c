/// What a receipt vouches for, after its signature and its inner consistency were found good. It is made in one place, where
/// receipts are verified; a test holds that no other file makes one.
package struct CheckedReceipt: Sendable, Hashable {
    /// SHA-256 of the receipt's bytes: its name.
    package let receipt: HexDigest
    /// Content that was judged, fixture and policy.
    package let candidate: HexDigest
    package let fixture: HexDigest
    package let policy: HexDigest
    package let outcome: Outcome
    package let assurance: Assurance
    /// The weakest sandbox that took part.
    package let level: IsolationLevel
    /// Protections that were allowed to be absent, and were.
    package let degraded: [Protection]
    /// The record of the verification, and when it was made.
    package let record: EvidenceID
    package let recordedAt: UTCTime
    /// The fixture was proven able to fail, as it is.
    package let isProven: Bool
    /// Taken again from an earlier verification of the same content.
    package let isCached: Bool

    /// What a verified receipt says.
    package init(
        verified receipt: HexDigest, candidate: HexDigest, fixture: HexDigest, policy: HexDigest, outcome: Outcome,
        assurance: Assurance, level: IsolationLevel, degraded: [Protection], record: EvidenceID, recordedAt: UTCTime,
        isProven: Bool, isCached: Bool
    ) {
        self.receipt = receipt
        self.candidate = candidate
        self.fixture = fixture
        self.policy = policy
        self.outcome = outcome
        self.assurance = assurance
        self.level = level
        self.degraded = degraded
        self.record = record
        self.recordedAt = recordedAt
        self.isProven = isProven
        self.isCached = isCached
    }
}

/// A receipt that vouches for nothing, because its bytes or signatures are bad.
package struct BadReceipt: Sendable, Hashable {
    /// Where it came from, to find it again.
    package let name: String
    /// Why, a sentence without full stop; may quote the receipt: escape it before it meets a terminal.
    package let detail: String

    /// A receipt that was refused.
    package init(name: String, detail: String) {
        self.name = name
        self.detail = detail
    }
}
