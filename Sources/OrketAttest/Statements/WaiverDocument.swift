package import OrketCore

/// A waiver as a signed document: a person's word, which everybody can check afterwards.
package enum WaiverDocument {
    /// Value of `predicateType`.
    package static let predicateType = "https://orket.dev/attestation/waiver/v1"
    private static let subject = "candidate"

    /// Signs what a person says; the document's digest is that of the bytes.
    package static func bytes(
        issue: CardID, candidate: HexDigest, person: String, reason: String, issuedAt: UTCTime, expiresAt: UTCTime,
        signedBy key: SigningKey
    ) throws(AttestError) -> [UInt8] {
        if issuedAt.milliseconds >= expiresAt.milliseconds {
            throw AttestError(.untrue, "a waiver that ends before it begins")
        }
        let waiver = Waiver(
            issue: issue, candidate: candidate, person: person, reason: reason, issuedAt: issuedAt,
            expiresAt: expiresAt, document: .zero)
        let statement = try Statement(
            subjects: [try Subject(subject, candidate)], predicateType: predicateType, predicate: predicate(of: waiver))
        return try Envelope(try statement.bytes(), signedBy: key).bytes + [UInt8(ascii: "\n")]
    }

    /// What the document and a decision on it say.
    static func predicate(of waiver: Waiver) -> JSONValue {
        .record([
            "issue": .string(waiver.issue.text), "person": .string(waiver.person), "reason": .string(waiver.reason),
            "issuedAt": .string(waiver.issuedAt.rfc3339), "expiresAt": .string(waiver.expiresAt.rfc3339),
        ])
    }

    /// Reads a document; throws `malformed` for what is none, and `untrusted` where no key of `trusted` has signed it.
    package static func waiver(_ bytes: [UInt8], trusting trusted: [PublicKey]) throws(AttestError) -> Waiver {
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        guard let payload = try Envelope(decoding: Array(text)).verified(by: trusted) else {
            throw AttestError(.untrusted, "no trusted key has signed this waiver")
        }
        let statement = try Statement(payload)
        func part(_ name: String) -> String? { statement.predicate[name]?.string }
        guard statement.predicateType == predicateType, statement.subjects.map(\.name) == [subject],
            let issue = part("issue").flatMap(CardID.init), let person = part("person"), let reason = part("reason"),
            let issuedAt = part("issuedAt").flatMap({ UTCTime($0) }),
            let expiresAt = part("expiresAt").flatMap({ UTCTime($0) })
        else { throw AttestError(.malformed, "this statement is no waiver") }
        return Waiver(
            issue: issue, candidate: statement.subjects[0].digest, person: person, reason: reason, issuedAt: issuedAt,
            expiresAt: expiresAt, document: HexDigest(sha256: bytes))
    }
}
