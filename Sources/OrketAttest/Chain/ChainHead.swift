package import OrketCore

/// How far a chain of evidence records had come when its head was signed. Kept elsewhere, it shows that nothing before it
/// was rewritten or cut off since.
package struct ChainHead: Sendable, Hashable {
    /// Value of `predicateType`.
    package static let predicateType = "https://orket.dev/attestation/chain-head/v1"
    private static let subject = "evidence-chain"

    /// Records up to the head; 0 for an empty chain.
    package let length: Int64
    /// Hash of the last of them; `HexDigest.zero` for an empty chain.
    package let hash: HexDigest

    /// The head of a chain of `length` records, at most 2^53 - 1. Throws `untrue` for an empty chain with a hash, and for
    /// any other without.
    package init(length: Int64, hash: HexDigest) throws(AttestError) {
        guard length >= 0, (length == 0) == (hash == .zero) else {
            throw AttestError(.untrue, "\(length) records cannot have the head \(hash)")
        }
        self.length = length
        self.hash = hash
    }

    /// Signs it.
    package func envelope(signedBy key: SigningKey) throws(AttestError) -> Envelope {
        let statement = try Statement(
            subjects: [try Subject(Self.subject, hash)], predicateType: Self.predicateType,
            predicate: .record(["length": .integer(length)]))
        return try Envelope(try statement.bytes(), signedBy: key)
    }

    /// Reads a signed head; throws `malformed` for any other statement.
    package init(_ payload: VerifiedPayload) throws(AttestError) {
        let statement = try Statement(payload)
        guard statement.predicateType == Self.predicateType, statement.subjects.map(\.name) == [Self.subject],
            case .integer(let length)? = statement.predicate["length"]
        else { throw AttestError(.malformed, "this statement is not about the head of a chain") }
        do { try self.init(length: length, hash: statement.subjects[0].digest) } catch {
            throw AttestError(.malformed, error.message)
        }
    }
}
