import OrketAttest
import OrketCore
import Testing

@Suite("Receipts")
struct ReceiptTests {
    /// The statements of a receipt, as anybody would read them.
    private static func statements(_ facts: VerificationFacts) throws -> [JSONValue] {
        try Receipt(facts, signedBy: Samples.key()).envelopes.map { try StrictJSON.parse($0.unverifiedPayload) }
    }

    private static func result(_ facts: VerificationFacts) throws -> String? {
        try statements(facts).first { $0["predicateType"]?.string == TestResult.predicateType }?["predicate"]?[
            "result"]?.string
    }

    @Test("a fixed key and fixed facts give a fixed receipt")
    func golden() throws {
        let facts = try Samples.facts()
        let payloads = try Receipt(facts, signedBy: Samples.key()).envelopes.map {
            String(decoding: $0.unverifiedPayload, as: UTF8.self)
        }
        #expect(payloads == [Golden.enforcement, Golden.testResult])
        #expect(try Receipt(facts, signedBy: Samples.key()).digest.text == Golden.receiptDigest)
        #expect(try Samples.receipt(facts) == Samples.receipt(facts))
    }

    @Test(
        "only what passed is called PASSED; what nobody found out has no test result at all",
        arguments: [
            (Outcome.passed, "PASSED"), (.failed, "FAILED"), (.rejected, "FAILED"), (.inconclusive, nil),
            (.cancelled, nil),
        ] as [(Outcome, String?)])
    func results(outcome: Outcome, result: String?) throws {
        let facts = try Samples.facts(outcome: outcome)
        #expect(try Self.result(facts) == result)
        let texts = try Self.statements(facts).map(\.text)
        #expect(texts.contains { $0.contains("PASSED") } == (outcome == .passed))
        #expect(texts.count == (result == nil ? 1 : 2))
    }

    @Test("facts that contradict one another are not signed")
    func untrue() throws {
        var noSandbox = try Samples.facts()
        noSandbox.sandboxes = []
        var failedTest = try Samples.facts()
        failedTest.failedTests = ["small"]
        let bad = [
            try Samples.facts(outcome: .passed, reasons: [Reason(.signal, "x")]),
            try Samples.facts(outcome: .failed, reasons: []),
            try Samples.facts(outcome: .inconclusive, reasons: []), noSandbox, failedTest,
        ]
        for facts in bad {
            let error = #expect(throws: AttestError.self) { try Receipt(facts, signedBy: Samples.key()) }
            #expect(error?.code == .untrue)
        }
    }

    @Test("figures that no reader would keep exactly are not signed")
    func unencodable() throws {
        for wall in [Double.nan, .infinity, 1e300] {
            var facts = try Samples.facts()
            facts.usage.wallMs = wall
            let error = #expect(throws: AttestError.self) { try Receipt(facts, signedBy: Samples.key()) }
            #expect(error?.code == .unencodable)
        }
    }

    @Test("a subject has a name, and no two of a statement have the same")
    func subjects() throws {
        #expect(throws: AttestError.self) { try Subject("", Samples.digest("x")) }
        let (a, b) = (try Subject("a", Samples.digest("x")), try Subject("a", Samples.digest("y")))
        #expect(throws: AttestError.self) {
            try Statement(subjects: [a, b], predicateType: "t", predicate: .object([]))
        }
        #expect(throws: AttestError.self) { try Statement(subjects: [], predicateType: "t", predicate: .object([])) }
    }

    @Test("every ResourceDescriptor has a digest, and names are unique")
    func descriptors() throws {
        var facts = try Samples.facts()
        facts.toolchain = try Samples.subject("gcc 12")
        let result = try #require(try Self.statements(facts).last?["predicate"])
        guard case .array(let configuration)? = result["configuration"] else { throw AttestError(.malformed, "none") }
        let names = configuration.compactMap { $0["name"]?.string }
        #expect(names == ["enforcement", "fixture", "policy", "toolchain", "plan-1"])
        #expect(configuration.allSatisfy { $0["digest"]?["sha256"]?.string.flatMap(HexDigest.init) != nil })
    }
}

@Suite("Decisions of a gate")
struct GateDecisionTests {
    private static func claim(_ facts: VerificationFacts) throws -> ReceiptClaim {
        try #require(try Samples.claim(facts))
    }

    @Test("a gate passes on fresh passing evidence alone")
    func result() throws {
        let passed = try Self.claim(Samples.facts())
        let other = try Self.claim(Samples.facts(candidate: "other"))
        #expect(try Samples.decision([passed]).result == .passed)
        #expect(try Samples.decision([]).result == .failed)
        #expect(try Samples.decision([passed, other]).result == .passed)
        #expect(try Samples.decision([other]).objections.map(\.code) == [.stale])
        for outcome in Outcome.allCases where outcome != .passed {
            let claim = try Self.claim(Samples.facts(outcome: outcome))
            #expect(try Samples.decision([claim]).result == .failed, "\(outcome)")
        }
    }

    @Test("a decision names its receipts by digest, and is no evidence for another decision")
    func evidence() throws {
        let passed = try Self.claim(Samples.facts())
        let receipt = try Receipt(try Samples.decision([passed]), signedBy: Samples.key())
        let statement = try StrictJSON.parse(receipt.envelopes[0].unverifiedPayload)
        #expect(String(decoding: receipt.envelopes[0].unverifiedPayload, as: UTF8.self) == Golden.decision)
        guard case .array(let inputs)? = statement["predicate"]?["inputAttestations"] else {
            throw AttestError(.malformed, "none")
        }
        #expect(
            inputs.map { $0["digest"]?["sha256"]?.string } == [
                HexDigest(sha256: try Samples.receipt(Samples.facts())).text
            ])
        let read = ReceiptVerifier(trusting: [try Samples.key().publicKey]).verify(receipt.bytes)
        #expect(read.problems == [])
        let claim = try #require(read.claim)
        #expect(claim.kind == .decision && claim.outcome == .passed && claim.fixture == nil)
        #expect(
            claim.checked(record: Samples.record, recordedAt: Samples.moment, isProven: true, isCached: false) == nil)
    }

    @Test("a refusal says FAILED, and why")
    func refusal() throws {
        let receipt = try Receipt(try Samples.decision([]), signedBy: Samples.key())
        let predicate = try StrictJSON.parse(receipt.envelopes[0].unverifiedPayload)["predicate"]
        #expect(predicate?["verificationResult"] == .string("FAILED"))
        #expect(predicate?["verifiedLevels"] == .array([.string("FAILED")]))
        #expect(predicate?[GateDecision.reasonsField]?.text.contains("missing_evidence") == true)
        let claim = ReceiptVerifier(trusting: [try Samples.key().publicKey]).verify(receipt.bytes).claim
        #expect(claim?.outcome == .failed)
    }

    @Test("a waived decision says so, with the person, the reason, the end, and what it waives")
    func waived() throws {
        let bytes = try Samples.waiver()
        let waiver = try WaiverDocument.waiver(bytes, trusting: [try Samples.key().publicKey])
        #expect(waiver.person == "ada" && waiver.reason == "hotfix" && waiver.issue.text == "7")
        #expect(waiver.document == HexDigest(sha256: bytes))
        let decision = try Samples.decision([], waiver: waiver)
        #expect(decision.result == .passed)
        let payload = try Receipt(decision, signedBy: Samples.key()).envelopes[0].unverifiedPayload
        let predicate = try #require(try StrictJSON.parse(payload)["predicate"])
        #expect(predicate["verifiedLevels"] == .array([.string("ORKET_WAIVED")]))
        #expect(predicate[GateDecision.waiverField]?["person"] == .string("ada"))
        #expect(predicate[GateDecision.reasonsField]?.text.contains("missing_evidence") == true)
        #expect(predicate["inputAttestations"]?.text.contains(waiver.document.text) == true)
        #expect(try Samples.decision([], waiver: waiver, waivers: []).result == .failed)
    }

    @Test("a waiver of a stranger, with a changed byte, or that is another document is none")
    func badWaivers() throws {
        let (good, trusted) = (try Samples.waiver(), [try Samples.key().publicKey])
        for index in good.indices.dropLast() {
            var changed = good
            changed[index] ^= 1
            let read = try? WaiverDocument.waiver(changed, trusting: trusted)
            // A changed key id is only a hint that leads nowhere; everything that is signed must be as it was.
            if let read {
                var same = read
                same.document = HexDigest(sha256: good)
                #expect(try same == WaiverDocument.waiver(good, trusting: trusted))
            }
        }
        func problem(_ bytes: [UInt8], _ keys: [PublicKey]) -> AttestError.Code? {
            do throws(AttestError) {
                _ = try WaiverDocument.waiver(bytes, trusting: keys)
                return nil
            } catch { return error.code }
        }
        #expect(problem(good, [try Samples.key(9).publicKey]) == .untrusted)
        #expect(problem(try Samples.receipt(Samples.facts()), trusted) == .malformed)
        #expect(problem(Array("{}".utf8), trusted) == .malformed)
        let head = try ChainHead(length: 3, hash: Samples.digest("x")).envelope(signedBy: Samples.key())
        #expect(problem(head.bytes, trusted) == .malformed)
        #expect(throws: AttestError.self) { try Samples.waiver(days: 0) }
    }
}

@Suite("Decisions are checked offline")
struct DecisionVerifierTests {
    private static func verify(_ decision: GateDecision, _ inputs: [[UInt8]]) throws -> DecisionVerifier.Result {
        let receipt = try Receipt(decision, signedBy: Samples.key())
        return DecisionVerifier(trusting: [try Samples.key().publicKey]).verify(receipt.bytes, inputs: inputs)
    }

    private static func decision(_ facts: VerificationFacts) throws -> GateDecision {
        try Samples.decision([try #require(try Samples.claim(facts))])
    }

    @Test("with its receipts a decision is complete; without them it says what is missing")
    func good() throws {
        let facts = try Samples.facts()
        let receipt = try Samples.receipt(facts)
        let whole = try Self.verify(Self.decision(facts), [receipt])
        #expect(whole.problems == [] && whole.missing == [])
        #expect(whole.decision?.resourceURI == "orket:issue/7" && whole.decision?.result == .passed)
        let bare = try Self.verify(Self.decision(facts), [])
        #expect(bare.problems == [] && bare.missing == [HexDigest(sha256: receipt)])
        let waiver = try Samples.waiver()
        let word = try WaiverDocument.waiver(waiver, trusting: [try Samples.key().publicKey])
        let waived = try Self.verify(Samples.decision([], waiver: word), [waiver])
        #expect(waived.problems == [] && waived.missing == [] && waived.decision?.waivedBy == "ada")
    }

    @Test("an input that it does not rest on, of another key, or changed, is told")
    func bad() throws {
        let facts = try Samples.facts()
        let decision = try Self.decision(facts)
        #expect(try Self.verify(decision, [Samples.receipt(Samples.facts(candidate: "other"))]).problems.count == 1)
        #expect(try Self.verify(decision, [Samples.receipt(facts, key: Samples.key(9))]).problems.count == 1)
        let receipt = try Samples.receipt(facts)
        var changed = receipt
        changed[100] ^= 1
        let found = try Self.verify(decision, [changed])
        #expect(found.problems.count == 1 && found.missing == [HexDigest(sha256: receipt)])
        let alone = DecisionVerifier(trusting: [try Samples.key().publicKey]).verify(receipt, inputs: [])
        #expect(alone.decision == nil && alone.problems.count == 1)
        let stranger = DecisionVerifier(trusting: [try Samples.key(9).publicKey])
        #expect(stranger.verify(try Receipt(decision, signedBy: Samples.key()).bytes, inputs: []).decision == nil)
    }

    @Test("no byte of a decision can be changed")
    func everyByte() throws {
        let bytes = try Receipt(Self.decision(Samples.facts()), signedBy: Samples.key()).bytes
        let verifier = DecisionVerifier(trusting: [try Samples.key().publicKey])
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(verifier.verify(changed, inputs: []).decision == nil, "byte \(index)")
        }
    }
}
