import OrketAttest
import OrketCore
import OrketTestSupport
import Testing

@Suite("Checking receipts")
struct ReceiptVerifierTests {
    private static let newline = UInt8(ascii: "\n")

    private static func verifier(
        _ expected: ReceiptVerifier.Expectation = .init(), acceptsReencoding: Bool = false
    ) throws -> ReceiptVerifier {
        ReceiptVerifier(
            trusting: [try Samples.key().publicKey], expecting: expected, acceptsReencoding: acceptsReencoding)
    }

    private static func codes(_ bytes: [UInt8], _ verifier: ReceiptVerifier? = nil) throws -> [ReceiptProblem.Code] {
        try (verifier ?? Self.verifier()).verify(bytes).problems.map(\.code)
    }

    private static func lines(_ receipt: [UInt8]) -> [[UInt8]] {
        receipt.split(separator: newline).map { $0 + [newline] }
    }

    /// A line with this statement, signed by the trusted key.
    private static func signed(_ statement: String, type: String = Envelope.inTotoType) throws -> [UInt8] {
        try Envelope(Array(statement.utf8), type: type, signedBy: Samples.key()).bytes + [newline]
    }

    @Test("a receipt says what was attested", arguments: Outcome.allCases)
    func good(outcome: Outcome) throws {
        let facts = try Samples.facts(outcome: outcome)
        let receipt = try Samples.receipt(facts)
        let result = try Self.verifier().verify(receipt)
        #expect(result.problems == [])
        let claim = try #require(result.claim)
        #expect(claim.kind == .verification && claim.outcome == outcome && claim.candidate == facts.candidate)
        #expect(claim.fixture == facts.fixture.digest && claim.policy == facts.policy.digest)
        #expect(claim.assurance == .blackbox && claim.level == .cgroups)
        #expect(claim.receipt == HexDigest(sha256: receipt))
        #expect(claim.signers == [try Samples.key().publicKey])
    }

    @Test("one flipped byte at any position is refused", arguments: 0..<4)
    func flipped(part: Int) throws {
        let receipt = try Samples.receipt(try Samples.facts())
        let verifier = try Self.verifier()
        #expect(verifier.verify(receipt).problems == [])
        var random = SeededGenerator(seed: UInt64(part))
        for index in stride(from: part, to: receipt.count, by: 4) {
            var bytes = receipt
            bytes[index] ^= UInt8.random(in: 1...255, using: &random)
            #expect(!verifier.verify(bytes).problems.isEmpty, "position \(index), byte \(bytes[index])")
        }
    }

    @Test("a receipt that was cut anywhere is refused", arguments: 0..<4)
    func cut(part: Int) throws {
        let receipt = try Samples.receipt(try Samples.facts())
        let verifier = try Self.verifier()
        for count in stride(from: part, to: receipt.count, by: 4) {
            #expect(!verifier.verify(Array(receipt[..<count])).problems.isEmpty, "\(count) bytes")
        }
    }

    @Test("without a trusted key nothing is read", arguments: [0, 1])
    func untrusted(count: Int) throws {
        let keys = try (0..<count).map { try Samples.key(UInt8($0) + 1).publicKey }
        let result = ReceiptVerifier(trusting: keys).verify(try Samples.receipt(try Samples.facts()))
        #expect(result.problems.map(\.code) == [.untrusted, .untrusted] && result.claim == nil)
        #expect(result.problems.map(\.line) == [1, 2])
    }

    @Test("after a rotation both keys may be trusted, and each receipt names its own")
    func rotation() throws {
        let keys = try [Samples.key(), Samples.key(1)]
        let verifier = ReceiptVerifier(trusting: keys.map(\.publicKey))
        for key in keys {
            let result = verifier.verify(try Samples.receipt(try Samples.facts(), key: key))
            #expect(result.problems == [] && result.claim?.signers == [key.publicKey])
        }
        // In its middle each statement may have another signature: then both are named.
        let envelopes = try keys.map { try Receipt(Samples.facts(), signedBy: $0).envelopes }
        let mixed = [envelopes[0][0], envelopes[1][1]].flatMap { $0.bytes + [Self.newline] }
        #expect(verifier.verify(mixed).claim?.signers == keys.map(\.publicKey))
        #expect(try Self.codes(mixed) == [.untrusted])
    }

    @Test("a receipt of other content than expected is stale, and every difference is told")
    func stale() throws {
        let facts = try Samples.facts()
        let receipt = try Samples.receipt(facts)
        var expected = ReceiptVerifier.Expectation()
        expected.candidate = facts.candidate.digest
        expected.fixture = facts.fixture.digest
        expected.policy = facts.policy.digest
        #expect(try Self.codes(receipt, Self.verifier(expected)) == [])
        for path in [\ReceiptVerifier.Expectation.candidate, \.fixture, \.policy] {
            var other = expected
            other[keyPath: path] = Samples.digest("changed")
            let result = try Self.verifier(other).verify(receipt)
            #expect(result.problems.map(\.code) == [.staleEvidence] && result.claim != nil)
        }
        expected = .init()
        expected.candidate = Samples.digest("x")
        expected.fixture = Samples.digest("y")
        expected.policy = Samples.digest("z")
        #expect(try Self.codes(receipt, Self.verifier(expected)) == [.staleEvidence, .staleEvidence, .staleEvidence])
        #expect(ReasonCode.staleEvidence.rawValue == ReceiptProblem.Code.staleEvidence.rawValue)
    }

    @Test("genuine statements of two receipts make no third")
    func mixed() throws {
        let passed = Self.lines(try Samples.receipt(try Samples.facts()))
        let failed = Self.lines(try Samples.receipt(try Samples.facts(outcome: .failed)))
        let other = Self.lines(try Samples.receipt(try Samples.facts(candidate: "other")))
        var slower = try Samples.facts()
        slower.timings.totalMs += 1
        let again = Self.lines(try Samples.receipt(slower))
        #expect(try Self.codes(failed[0] + passed[1]) == [.contradiction])
        #expect(try Self.codes(passed[0] + failed[1]) == [.contradiction])
        #expect(try Self.codes(other[0] + passed[1]) == [.contradiction])
        #expect(try Self.codes(again[0] + passed[1]) == [.contradiction])
        #expect(try Self.codes(passed[0]) == [.incomplete])
        #expect(try Self.codes(passed[1]) == [.incomplete])
        #expect(try Self.codes(passed[0] + passed[0] + passed[1]) == [.incomplete])
        #expect(try Self.codes(passed[0] + passed[1] + passed[1]) == [.incomplete])
        // Their order is not what makes them fit.
        #expect(try Self.codes(passed[1] + passed[0]) == [])
        let inconclusive = try Samples.receipt(try Samples.facts(outcome: .inconclusive))
        #expect(try Self.codes(inconclusive + passed[1]) == [.contradiction])
    }

    @Test("what a trusted key has signed is still no receipt unless it is one")
    func signedButNoReceipt() throws {
        let good = try #require(
            String(
                validating: Receipt(Samples.facts(), signedBy: Samples.key()).envelopes[0].unverifiedPayload,
                as: UTF8.self))
        #expect(try Self.codes(Self.signed(good)) == [.incomplete])
        let changes = [
            ("in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1"), ("enforcement/v1", "enforcement/v9"),
            ("\"sha256\"", "\"sha512\""), ("\"subject\":[", "\"subject\":[{\"name\":\"x\"},"),
            ("\"predicate\":{", "\"p\":{"),
            ("\"outcome\":\"passed\"", "\"outcome\":\"fine\""), ("\"outcome\":\"passed\"", "\"outcome\":null"),
            ("\"assurance\":\"blackbox\"", "\"assurance\":\"\""), ("\"level\":4", "\"level\":9"),
            ("\"sandboxes\":", "\"s\":"),
        ]
        for (old, new) in changes {
            #expect(good.contains(old))
            #expect(try Self.codes(Self.signed(good.replacing(old, with: new))) == [.unknownStatement], "\(new)")
        }
        #expect(try Self.codes(Self.signed(good, type: "application/json")) == [.unknownStatement])
        #expect(try Self.codes(Self.signed("{}")) == [.unknownStatement])
        #expect(try Self.codes(Self.signed("no JSON")) == [.unknownStatement])
    }

    @Test("a test result that does not follow from its enforcement statement is refused, also when it is signed")
    func signedContradiction() throws {
        let facts = try Samples.facts()
        let envelopes = try Receipt(facts, signedBy: Samples.key()).envelopes
        let first = envelopes[0].bytes + [Self.newline]
        let good = try #require(String(validating: envelopes[1].unverifiedPayload, as: UTF8.self))
        #expect(try Self.codes(first + Self.signed(good)) == [])
        let other = Samples.digest("other").text
        let changes = [
            (facts.candidate.digest.text, other, ReceiptProblem.Code.contradiction),
            (facts.fixture.digest.text, other, .contradiction), (facts.policy.digest.text, other, .contradiction),
            ("\"name\":\"fixture\"", "\"name\":\"policy\"", .contradiction), ("PASSED", "FAILED", .contradiction),
            ("PASSED", "WARNED", .contradiction), ("\"name\":\"enforcement\"", "\"name\":\"e\"", .contradiction),
            ("\"configuration\":", "\"c\":", .unknownStatement),
        ]
        for (old, new, code) in changes {
            #expect(good.contains(old))
            #expect(try Self.codes(first + Self.signed(good.replacing(old, with: new))) == [code], "\(new)")
        }
    }

    @Test("what another tool has written anew is refused, or taken when that is wanted")
    func reencoded() throws {
        let receipt = try Samples.receipt(try Samples.facts())
        let text = String(decoding: receipt, as: UTF8.self)
        let id = try Samples.key().publicKey.id.text
        let variants = [
            text.replacing("\n", with: "\r\n"), text + "\n", String(text.dropLast()), text.replacing(":", with: ": "),
            text.replacing("{\"keyid\"", with: "{\"note\":1,\"keyid\""), text.replacing("=", with: ""),
            text.replacing("\"keyid\":\"\(id)\",", with: ""), text.replacing(id, with: "another"),
        ]
        for variant in variants {
            let bytes = Array(variant.utf8)
            #expect(try Self.codes(bytes) == [.reencoded], "\(variant.suffix(200))")
            #expect(try Self.codes(bytes, Self.verifier(acceptsReencoding: true)) == [], "\(variant.suffix(200))")
        }
        // One envelope, printed over several lines.
        let single = try Samples.receipt(try Samples.facts(outcome: .inconclusive))
        let pretty = String(decoding: single, as: UTF8.self).replacing(",", with: ",\n  ")
        #expect(try Self.codes(Array(pretty.utf8), Self.verifier(acceptsReencoding: true)) == [])
        #expect(try !Self.codes(Array(pretty.utf8)).isEmpty)
    }

    @Test("what is no receipt is refused", arguments: ["", "\n\n", "x", "{}", "[]", "null\n", "{\"payload\":\"\"}\n"])
    func malformed(text: String) throws {
        for accepts in [false, true] {
            let result = try Self.verifier(acceptsReencoding: accepts).verify(Array(text.utf8))
            #expect(result.problems.map(\.code) == [.malformed] && result.claim == nil)
        }
    }

    @Test("size and number of lines are bounded, and every bad line is told")
    func bounds() throws {
        let line = Self.lines(try Samples.receipt(try Samples.facts()))[0]
        #expect(try Self.codes(Array(repeating: line, count: 5).flatMap(\.self)) == [.malformed])
        #expect(
            try Self.codes([UInt8](repeating: Self.newline, count: ReceiptVerifier.maximumBytes + 1)) == [.malformed])
        let result = try Self.verifier().verify(Array("x\n".utf8) + line + Array("{}\n".utf8))
        #expect(result.problems.map(\.line) == [1, 3] && result.claim == nil)
    }

    @Test("no bytes make the reader trap, and none but the receipt's own are good", arguments: 0..<8 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = try Samples.receipt(try Samples.facts())
        let (strict, tolerant) = (try Self.verifier(), try Self.verifier(acceptsReencoding: true))
        for _ in 0..<60 {
            var bytes = good
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...40, using: &random))
                let piece = Array(bytes[start..<end])
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes.removeSubrange(start..<end)
                case 1: bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
                default: bytes[start] = UInt8.random(in: 0...255, using: &random)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            #expect(strict.verify(bytes).problems.isEmpty == (bytes == good), "seed \(seed)")
            if let claim = tolerant.verify(bytes).claim { #expect(claim.outcome == .passed, "seed \(seed)") }
        }
    }
}
