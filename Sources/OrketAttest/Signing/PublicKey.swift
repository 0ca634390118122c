internal import Crypto
package import OrketCore

/// An Ed25519 key that receipts are checked with.
package struct PublicKey: Sendable, Hashable {
    /// 32 bytes, as RFC 8032 writes them.
    package let raw: [UInt8]

    /// DER of a SubjectPublicKeyInfo up to the key itself (RFC 8410 section 4).
    private static let derPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// A key of 32 bytes; throws `malformed` for any other count.
    package init(raw: [UInt8]) throws(AttestError) {
        guard raw.count == 32 else {
            throw AttestError(.malformed, "an Ed25519 public key has 32 bytes, this one \(raw.count)")
        }
        self.raw = raw
    }

    /// A key whose length is known.
    init(valid raw: [UInt8]) {
        precondition(raw.count == 32, "an Ed25519 public key of \(raw.count) bytes")
        self.raw = raw
    }

    /// All keys of a text: PEM blocks `PUBLIC KEY` with Ed25519 keys, or 64 hexadecimal digits. Never empty.
    package static func read(_ text: String) throws(AttestError) -> [PublicKey] {
        let word = String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        if let digest = HexDigest(word.lowercased()), text.split(whereSeparator: \.isWhitespace).count == 1 {
            return [try PublicKey(raw: digest.bytes)]
        }
        guard let bodies = PEM.bodies("PUBLIC KEY", in: text) else {
            throw AttestError(.malformed, "neither PEM blocks PUBLIC KEY nor 64 hexadecimal digits")
        }
        var keys: [PublicKey] = []
        for body in bodies {
            guard body.starts(with: derPrefix) else { throw AttestError(.malformed, "a key that is not Ed25519") }
            keys.append(try PublicKey(raw: Array(body.dropFirst(derPrefix.count))))
        }
        return keys
    }

    /// The SubjectPublicKeyInfo in DER.
    package var der: [UInt8] { Self.derPrefix + raw }

    /// What other tools read, such as `openssl pkey -pubin`.
    package var pem: String { PEM.text("PUBLIC KEY", der) }

    /// 64 hexadecimal digits.
    package var hex: String { HexDigest.text(of: raw) }

    /// SHA-256 of `der`: what `openssl pkey -pubin -outform DER | sha256sum` prints.
    package var id: HexDigest { HexDigest(sha256: der) }

    /// True when `signature` over exactly these bytes was made with the private half.
    package func isValid(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}
