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
    private static func decision(
        _ evidence: [ReceiptClaim], refusals: [Reason] = []
    ) throws -> GateDecision {
        GateDecision(
            candidate: try Samples.subject("candidate"), resourceURI: "orket:issue/7",
            policy: try Samples.subject("gate"),
            evidence: evidence, refusals: refusals, verifier: VerifierIdentity(version: "0.1.0"),
            verifiedAt: Samples.moment)
    }

    @Test("a gate passes on fresh passing evidence alone")
    func result() throws {
        let passed = try #require(try Samples.claim(Samples.facts()))
        let other = try #require(try Samples.claim(Samples.facts(candidate: "other")))
        #expect(try Self.decision([passed]).result == .passed)
        #expect(try Self.decision([passed, passed]).result == .passed)
        #expect(try Self.decision([]).result == .failed)
        #expect(try Self.decision([passed, other]).reasons.map(\.code) == [.staleEvidence])
        #expect(try Self.decision([passed], refusals: [Reason(.policyWeakened, "x")]).result == .failed)
        for outcome in Outcome.allCases where outcome != .passed {
            let claim = try #require(try Samples.claim(Samples.facts(outcome: outcome)))
            #expect(try Self.decision([passed, claim]).result == .failed, "\(outcome)")
        }
    }

    @Test("a decision names its receipts by digest, and is no evidence for another decision")
    func evidence() throws {
        let passed = try #require(try Samples.claim(Samples.facts()))
        let receipt = try Receipt(try Self.decision([passed]), signedBy: Samples.key())
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
        #expect(try Self.decision([claim]).result == .failed)
    }

    @Test("a refusal says FAILED, and why")
    func refusal() throws {
        let receipt = try Receipt(try Self.decision([]), signedBy: Samples.key())
        let predicate = try StrictJSON.parse(receipt.envelopes[0].unverifiedPayload)["predicate"]
        #expect(predicate?["verificationResult"] == .string("FAILED"))
        #expect(predicate?["verifiedLevels"] == .array([.string("FAILED")]))
        #expect(predicate?[GateDecision.reasonsField]?.text.contains("no_tests_ran") == true)
        let claim = ReceiptVerifier(trusting: [try Samples.key().publicKey]).verify(receipt.bytes).claim
        #expect(claim?.outcome == .failed)
    }
}
