package import OrketCore

/// What a receipt says, after its signatures and its inner consistency were checked. Only `ReceiptVerifier` makes one.
package struct ReceiptClaim: Sendable, Hashable {
    /// What the receipt is of.
    package enum Kind: String, Sendable { case verification, decision }

    package let kind: Kind
    package let candidate: Subject
    /// Nil for a decision, which rests on any number of fixtures.
    package let fixture: HexDigest?
    package let policy: HexDigest
    /// Of a decision: `passed` or `failed`.
    package let outcome: Outcome
    /// Nil for a decision.
    package let assurance: Assurance?
    /// The weakest sandbox; nil for a decision.
    package let level: IsolationLevel?
    /// Protections that were absent in any of the sandboxes, each once; empty for a decision.
    package let degraded: [Protection]
    /// When the verification began, as its verifier signed it; nil for a decision.
    package let startedAt: UTCTime?
    /// The verifier required a proof that the fixture can fail, and found a valid one.
    package let isProven: Bool
    /// SHA-256 of the receipt's bytes.
    package let receipt: HexDigest
    /// Who signed every statement of it; never empty.
    package let signers: [PublicKey]
}
