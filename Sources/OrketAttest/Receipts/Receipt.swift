package import OrketCore

/// A receipt file: DSSE envelopes, one a line (`.intoto.jsonl`). Of a verification there are two, the enforcement
/// statement and the test result that names its digest; only the first where nothing was found out about the candidate.
/// Of a gate's decision there is one.
///
/// A receipt has one byte form, so its digest names it: canonical envelopes, each ended by a newline, nothing else.
package struct Receipt: Sendable, Hashable {
    package let envelopes: [Envelope]

    /// The receipt of a verification. Throws `untrue` where the facts contradict one another.
    package init(_ facts: VerificationFacts, signedBy key: SigningKey) throws(AttestError) {
        try facts.check()
        let enforcement = try Enforcement.statement(facts).bytes()
        var envelopes = [try Envelope(enforcement, signedBy: key)]
        if let result = try TestResult.statement(facts, enforcement: HexDigest(sha256: enforcement)) {
            envelopes.append(try Envelope(try result.bytes(), signedBy: key))
        }
        self.envelopes = envelopes
    }

    /// The receipt of a gate's decision.
    package init(_ decision: GateDecision, signedBy key: SigningKey) throws(AttestError) {
        envelopes = [try Envelope(try decision.statement().bytes(), signedBy: key)]
    }

    /// What is written to the file.
    package var bytes: [UInt8] { envelopes.flatMap { $0.bytes + [UInt8(ascii: "\n")] } }

    /// SHA-256 of `bytes`: how a gate's decision names it.
    package var digest: HexDigest { HexDigest(sha256: bytes) }
}
