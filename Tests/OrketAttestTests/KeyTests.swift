import Glibc
import OrketAttest
import OrketCore
import OrketSystem
import Testing

@Suite("Keys")
struct KeyTests {
    /// What `openssl pkey -pubout` made of the key of the bytes 0...31, and the SHA-256 of its DER.
    private static let pem = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
        -----END PUBLIC KEY-----

        """
    private static let id = "a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5"

    @Test("a public key is written as openssl writes it, and its id is the SHA-256 of that")
    func golden() throws {
        let key = try Samples.key().publicKey
        #expect(key.pem == Self.pem && key.id.text == Self.id)
        #expect(try PublicKey.read(key.pem) == [key])
        #expect(try PublicKey.read(" \(key.hex.uppercased())\n") == [key])
        #expect("\(try Samples.key())" == "signing key \(Self.id)")
    }

    @Test("several keys in one text are several keys, in their order")
    func bundle() throws {
        let keys = try (0..<3).map { try Samples.key($0).publicKey }
        #expect(try PublicKey.read(keys.map(\.pem).joined(separator: "\n")) == keys)
        #expect(try PublicKey.read(keys.map(\.pem).joined().replacing("\n", with: "\r\n")) == keys)
    }

    @Test(
        "what is no Ed25519 public key is refused",
        arguments: [
            "", "x", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 66),
            "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n",
            // One byte short, another algorithm, a private key, text around it.
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMQ==\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n-----END PRIVATE KEY-----\n",
            "key: " + Self.pem, Self.pem + "x",
        ])
    func refuses(text: String) {
        #expect(throws: AttestError.self) { try PublicKey.read(text) }
    }

    @Test("a key has 32 bytes", arguments: [0, 31, 33])
    func length(count: Int) {
        #expect(throws: AttestError.self) { try PublicKey(raw: [UInt8](repeating: 1, count: count)) }
        #expect(throws: AttestError.self) { try SigningKey(seed: [UInt8](repeating: 1, count: count)) }
    }
}
