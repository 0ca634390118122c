package import OrketCore

extension ReceiptClaim {
    /// What the gate takes: nil for a decision. Nothing else makes a `CheckedReceipt`, and there is no claim without good
    /// signatures, so the gate can take no other evidence. The receipt does not say what the rest says: the record that it
    /// belongs to, whether the fixture was proven as it is, and whether the verdict was taken from an earlier run.
    package func checked(
        record: EvidenceID, recordedAt: UTCTime, isProven: Bool, isCached: Bool
    ) -> CheckedReceipt? {
        guard kind == .verification, let fixture, let assurance, let level else { return nil }
        return CheckedReceipt(
            verified: receipt, candidate: candidate.digest, fixture: fixture, policy: policy, outcome: outcome,
            assurance: assurance, level: level, degraded: degraded, record: record, recordedAt: recordedAt,
            isProven: isProven, isCached: isCached)
    }
}
