internal import Crypto
internal import OrketCore

/// The private half of an Ed25519 key. Its text leaves this room only as a file of `KeyStore`.
package struct SigningKey: Sendable, CustomStringConvertible {
    private let key: Curve25519.Signing.PrivateKey

    /// DER of a PKCS #8 OneAsymmetricKey up to the 32 bytes themselves (RFC 8410 section 7).
    private static let derPrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// A new key from the system's random numbers.
    package init() { key = Curve25519.Signing.PrivateKey() }

    /// The key of 32 secret bytes; throws `malformed` for any other count.
    package init(seed: [UInt8]) throws(AttestError) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw AttestError(.malformed, "an Ed25519 private key has 32 bytes, this one \(seed.count)")
        }
        self.key = key
    }

    /// Reads one PEM block `PRIVATE KEY`.
    init(pem: String) throws(AttestError) {
        guard let bodies = PEM.bodies("PRIVATE KEY", in: pem), bodies.count == 1, bodies[0].starts(with: Self.derPrefix)
        else { throw AttestError(.malformed, "not one PEM block PRIVATE KEY with an Ed25519 key") }
        try self.init(seed: Array(bodies[0].dropFirst(Self.derPrefix.count)))
    }

    var pem: String { PEM.text("PRIVATE KEY", Self.derPrefix + Array(key.rawRepresentation)) }

    /// What receipts signed with it are checked with.
    package var publicKey: PublicKey { PublicKey(valid: Array(key.publicKey.rawRepresentation)) }

    /// 64 bytes.
    func signature(over bytes: [UInt8]) throws(AttestError) -> [UInt8] {
        do { return Array(try key.signature(for: bytes)) } catch { throw AttestError(.key, "cannot sign: \(error)") }
    }

    /// Never the secret.
    package var description: String { "signing key \(publicKey.id)" }
}
