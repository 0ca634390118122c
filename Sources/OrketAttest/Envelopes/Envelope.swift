internal import OrketCore

/// A DSSE 1.0.2 envelope: bytes, what they are, and signatures over both.
///
/// Decoding trusts nothing: a size limit, base64 of either alphabet, duplicate members refused, unknown ones ignored. What
/// the payload says may only be read from what `verified(by:)` returns.
package struct Envelope: Sendable, Hashable {
    /// One signature; the key id is only a hint and decides nothing.
    package struct Signature: Sendable, Hashable {
        package let keyID: String?
        package let bytes: [UInt8]
    }

    package let payloadType: String
    /// Nobody has vouched for these bytes.
    package let unverifiedPayload: [UInt8]
    package let signatures: [Signature]

    /// The type of an in-toto statement.
    package static let inTotoType = "application/vnd.in-toto+json"
    /// Longest encoding that is read, bytes.
    package static let maximumBytes = 1 << 20
    /// Most signatures that are looked at: each costs a curve operation for every trusted key.
    package static let maximumSignatures = 8

    /// Signs `payload` with one key.
    package init(_ payload: [UInt8], type: String = Self.inTotoType, signedBy key: SigningKey) throws(AttestError) {
        payloadType = type
        unverifiedPayload = payload
        let signature = try key.signature(over: Self.preAuthenticationEncoding(type, payload))
        signatures = [Signature(keyID: key.publicKey.id.text, bytes: signature)]
    }

    /// Reads one envelope; throws `malformed` at the first defect.
    package init(decoding bytes: [UInt8]) throws(AttestError) {
        func malformed(_ message: String) -> AttestError { AttestError(.malformed, message) }
        if bytes.count > Self.maximumBytes { throw malformed("larger than \(Self.maximumBytes) bytes") }
        let document: JSONValue
        do { document = try StrictJSON.parse(bytes) } catch {
            throw malformed("no JSON at byte \(error.offset): \(error.message)")
        }
        guard case .object = document else { throw malformed("an envelope is an object, this is \(document.typeName)") }
        guard let type = document["payloadType"]?.string, !type.isEmpty else {
            throw malformed("'payloadType' is missing or no text")
        }
        guard let payload = document["payload"]?.string.flatMap(Base64.decode) else {
            throw malformed("'payload' is missing or no base64")
        }
        guard case .array(let elements)? = document["signatures"], !elements.isEmpty else {
            throw malformed("'signatures' is missing or empty")
        }
        if elements.count > Self.maximumSignatures { throw malformed("more than \(Self.maximumSignatures) signatures") }
        var signatures: [Signature] = []
        for element in elements {
            guard let signature = element["sig"]?.string.flatMap(Base64.decode) else {
                throw malformed("a signature without base64 in 'sig'")
            }
            signatures.append(Signature(keyID: element["keyid"]?.string, bytes: signature))
        }
        payloadType = type
        unverifiedPayload = payload
        self.signatures = signatures
    }

    /// The one encoding that Orket writes: canonical JSON with standard base64, on one line without a newline.
    package var bytes: [UInt8] {
        let signatures = signatures.map { signature in
            JSONValue.record([
                "keyid": signature.keyID.map(JSONValue.string), "sig": .string(Base64.encode(signature.bytes)),
            ])
        }
        let document = JSONValue.record([
            "payload": .string(Base64.encode(unverifiedPayload)), "payloadType": .string(payloadType),
            "signatures": .array(signatures),
        ])
        do { return try CanonicalJSON.bytes(of: document) } catch {
            preconditionFailure("an envelope is only strings: \(error)")
        }
    }

    /// What is signed: `DSSEv1 LEN(type) type LEN(payload) payload`, single blanks between, lengths in decimal bytes.
    package static func preAuthenticationEncoding(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// The payload, when at least one signature is of one of the keys; else nil. Each key is tried on each signature,
    /// whatever the key ids say.
    package func verified(by trusted: [PublicKey]) -> VerifiedPayload? {
        let signed = Self.preAuthenticationEncoding(payloadType, unverifiedPayload)
        let signers = trusted.filter { key in signatures.contains { key.isValid($0.bytes, over: signed) } }
        return signers.isEmpty ? nil : VerifiedPayload(type: payloadType, bytes: unverifiedPayload, signers: signers)
    }
}

/// Bytes that a trusted key has signed. Only `Envelope.verified(by:)` makes them.
package struct VerifiedPayload: Sendable, Hashable {
    package let type: String
    package let bytes: [UInt8]
    /// Never empty.
    package let signers: [PublicKey]

    fileprivate init(type: String, bytes: [UInt8], signers: [PublicKey]) {
        self.type = type
        self.bytes = bytes
        self.signers = signers
    }
}
