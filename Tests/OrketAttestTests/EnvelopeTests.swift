import OrketAttest
import OrketCore
import OrketTestSupport
import Testing

@Suite("Envelopes")
struct EnvelopeTests {
    private static let payload = Array("hello world".utf8)

    private static func envelope(_ members: [(String, JSONValue?)] = []) throws -> [UInt8] {
        let good = try Envelope(payload, type: "http://example.com/HelloWorld", signedBy: Samples.key())
        guard case .object(var object) = try StrictJSON.parse(good.bytes) else { return [] }
        for (name, value) in members {
            object.removeAll { $0.name == name }
            if let value { object.append(.init(name, value)) }
        }
        return Array(JSONValue.object(object).text.utf8)
    }

    private static func verified(_ bytes: [UInt8]) throws -> [UInt8]? {
        try Envelope(decoding: bytes).verified(by: [Samples.key().publicKey])?.bytes
    }

    @Test("what is signed is the encoding of the DSSE specification")
    func encoding() {
        let encoded = Envelope.preAuthenticationEncoding("http://example.com/HelloWorld", Self.payload)
        #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        let bytes = Envelope.preAuthenticationEncoding("é", [0xff, 0])
        #expect(bytes == Array("DSSEv1 2 é 2 ".utf8) + [0xff, 0])
    }

    @Test("a fixed key gives a fixed envelope")
    func golden() throws {
        let bytes = try Envelope(Self.payload, type: "http://example.com/HelloWorld", signedBy: Samples.key()).bytes
        #expect(String(decoding: bytes, as: UTF8.self) == Golden.envelope)
        #expect(try Self.verified(bytes) == Self.payload)
    }

    @Test("the signatures are those of RFC 8032, section 7.1, test 1")
    func signature() throws {
        let seed = try #require(HexDigest("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try SigningKey(seed: seed.bytes).publicKey
        #expect(key.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        let r = try #require(HexDigest("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"))
        let s = try #require(HexDigest("5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"))
        #expect(key.isValid(r.bytes + s.bytes, over: []))
        #expect(!key.isValid(r.bytes + s.bytes, over: [0]))
        #expect(!key.isValid(r.bytes, over: []))
        // The same signature with S + L is a second spelling of it: refused.
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
            0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var carry = 0
        let sum = zip(s.bytes, order).map { a, b in
            carry += Int(a) + Int(b)
            defer { carry >>= 8 }
            return UInt8(truncatingIfNeeded: carry)
        }
        #expect(!key.isValid(r.bytes + sum, over: []))
    }

    @Test("either alphabet of base64 is read, unknown members are ignored, key ids decide nothing")
    func tolerance() throws {
        // Bytes whose base64 has both characters that differ between the alphabets.
        let payload: [UInt8] = [0xfb, 0xff, 0xbf, 0xfb]
        let good = try Envelope(payload, type: "t", signedBy: Samples.key())
        let signature = Base64.encode(good.signatures[0].bytes)
        func text(_ payload: String, _ signature: String, _ rest: String) -> [UInt8] {
            Array(
                "{\"x\":[{}],\"payload\":\"\(payload)\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"\(signature)\"\(rest)}]}"
                    .utf8)
        }
        let urlSafe = String(signature.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        let variants = [
            text("+/+/+w==", signature, ""), text("-_-_-w", urlSafe, ",\"keyid\":\"another\",\"cert\":1"),
            text("-_-_-w==", signature, ",\"keyid\":\"\""), text("+/+/+w", urlSafe, ",\"keyid\":null"),
        ]
        for variant in variants { #expect(try Self.verified(variant) == payload) }
    }

    @Test("one signature of a trusted key among others is enough, and only trusted keys count")
    func trust() throws {
        let (a, b, c) = (try Samples.key(), try Samples.key(1), try Samples.key(2))
        let both = try [a, b].map { try Envelope(Self.payload, type: "t", signedBy: $0) }
        let envelope = try Envelope(
            decoding: Array(
                JSONValue.record([
                    "payload": .string(Base64.encode(Self.payload)), "payloadType": .string("t"),
                    // The key ids are swapped.
                    "signatures": .array(
                        both.enumerated().map { index, envelope in
                            .record([
                                "sig": .string(Base64.encode(envelope.signatures[0].bytes)),
                                "keyid": .string([b, a][index].publicKey.id.text),
                            ])
                        }),
                ]).text.utf8))
        #expect(envelope.verified(by: [b.publicKey])?.signers == [b.publicKey])
        #expect(envelope.verified(by: [c.publicKey, a.publicKey])?.signers == [a.publicKey])
        #expect(envelope.verified(by: [c.publicKey]) == nil)
        #expect(envelope.verified(by: []) == nil)
    }

    @Test("a signature is of the type too")
    func typeIsSigned() throws {
        #expect(try Self.verified(Self.envelope()) == Self.payload)
        #expect(try Self.verified(Self.envelope([("payloadType", .string("other"))])) == nil)
        #expect(try Self.verified(Self.envelope([("payload", .string(""))])) == nil)
    }

    @Test(
        "what is no envelope is refused",
        arguments: [
            ("", "JSON"), ("[]", "an object"), ("{}", "payloadType"), (#"{"payloadType":""}"#, "payloadType"),
            (#"{"payloadType":"t","payloadType":"u","payload":"","signatures":[{"sig":""}]}"#, "duplicate"),
            (#"{"payloadType":"t","payload":"a","signatures":[{"sig":""}]}"#, "'payload'"),
            (#"{"payloadType":"t","payload":"","signatures":[]}"#, "'signatures'"),
            (#"{"payloadType":"t","payload":"","signatures":{}}"#, "'signatures'"),
            (#"{"payloadType":"t","payload":"","signatures":[{"sig":""},{}]}"#, "'sig'"),
            (#"{"payloadType":"t","payload":"","signatures":[1]}"#, "'sig'"),
            (#"{"payloadType":"t","payload":"","signatures":[{"sig":1}]}"#, "'sig'"),
        ])
    func malformed(text: String, message: String) {
        let error = #expect(throws: AttestError.self) { try Envelope(decoding: Array(text.utf8)) }
        #expect(error?.code == .malformed)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("size and number of signatures are bounded")
    func bounds() throws {
        func signatures(_ count: Int) throws -> [UInt8] {
            try Self.envelope([("signatures", .array(Array(repeating: .record(["sig": .string("")]), count: count)))])
        }
        _ = try Envelope(decoding: try signatures(Envelope.maximumSignatures))
        #expect(throws: AttestError.self) { try Envelope(decoding: try signatures(Envelope.maximumSignatures + 1)) }
        let padding = [UInt8](repeating: 0x20, count: Envelope.maximumBytes)
        #expect(throws: AttestError.self) { try Envelope(decoding: try Self.envelope() + padding) }
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: AttestError.self) { try Envelope(decoding: deep) }
    }

    @Test("whatever is changed, nothing is verified but what was signed", arguments: 0..<8 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = try Envelope(Self.payload, type: "t", signedBy: Samples.key()).bytes
        let keys = [try Samples.key().publicKey]
        for _ in 0..<500 {
            var bytes = good
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(bytes.randomElement(using: &random)!, at: index)
                default: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            guard let payload = (try? Envelope(decoding: bytes))?.verified(by: keys) else { continue }
            #expect(payload.bytes == Self.payload && payload.type == "t", "seed \(seed)")
        }
    }
}
