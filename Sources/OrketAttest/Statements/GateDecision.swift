package import OrketCore

/// What the gate says to a question, as a SLSA verification summary (VSA), version 1. It is decided here, from the question
/// alone, so nobody can have a statement that says otherwise.
package struct GateDecision: Sendable {
    /// Value of `predicateType`.
    package static let predicateType = "https://slsa.dev/verification_summary/v1"
    /// Names of Orket's own fields in the predicate: extensions are named by URIs.
    package static let reasonsField = "https://orket.dev/attestation/gate/v1#reasons"
    package static let waiverField = "https://orket.dev/attestation/gate/v1#waiver"

    package let question: GateQuestion
    package let ruling: GateRuling
    /// What speaks against the evidence; also where a waiver stands in for it.
    package let objections: [GateReason]
    private let candidate: Subject
    private let policy: Subject
    private let verifier: VerifierIdentity

    /// The decision. The names are for people; the digests are the question's.
    package init(
        _ question: GateQuestion, candidateName: String, policyName: String, verifier: VerifierIdentity
    ) throws(AttestError) {
        self.question = question
        ruling = Gate.decide(question)
        var bare = question
        bare.waiver = nil
        objections = Gate.decide(bare).reasons
        candidate = try Subject(candidateName, question.candidate)
        policy = try Subject(policyName, question.policyDigest)
        self.verifier = verifier
    }

    /// A URI of what the candidate is for.
    package var resourceURI: String { "orket:issue/\(question.issue)" }

    package var result: TestResult { ruling.evidence == nil ? .failed : .passed }

    /// Receipts that a pass rests on, none where a waiver stands in; for a refusal all that are about this candidate.
    private var receipts: [CheckedReceipt] {
        if waiver != nil { return [] }
        guard case .receipts(let used)? = ruling.evidence?.basis else {
            return question.receipts.filter { $0.candidate == question.candidate }
        }
        return used.compactMap { digest in question.receipts.first { $0.receipt == digest } }
    }

    private var waiver: Waiver? {
        if case .waiver(let waiver)? = ruling.evidence?.basis { waiver } else { nil }
    }

    /// The weakest assurance and the weakest isolation of all evidence, in words that do not claim a SLSA level.
    private var levels: [String] {
        if result != .passed { return ["FAILED"] }
        if waiver != nil { return ["ORKET_WAIVED"] }
        let level = receipts.map(\.level).min() ?? IsolationLevel.none
        let assurance = Assurance.allCases.first { candidate in
            receipts.allSatisfy { $0.assurance.isAtLeast(candidate) }
        }
        return [
            "ORKET_ASSURANCE_\((assurance ?? .inProcess).rawValue.uppercased())",
            "ORKET_ISOLATION_LEVEL_\(level.rawValue)",
        ]
    }

    private static func input(_ kind: String, _ digest: HexDigest) -> JSONValue {
        .record([
            "uri": .string("urn:orket:\(kind):\(digest)"), "digest": .record(["sha256": .string(digest.text)]),
        ])
    }

    /// The statement about the decision.
    func statement() throws(AttestError) -> Statement {
        var inputs = receipts.map { Self.input("receipt", $0.receipt) }
        if let waiver { inputs.append(Self.input("waiver", waiver.document)) }
        let against = result == .passed ? objections : ruling.reasons
        let reasons = against.map { reason in
            JSONValue.record([
                "code": .string(reason.code.rawValue), "fixture": reason.fixture.map(JSONValue.string),
                "detail": .string(reason.detail),
            ])
        }
        return try Statement(
            subjects: [candidate], predicateType: Self.predicateType,
            predicate: .record([
                "verifier": .record([
                    "id": .string(VerifierIdentity.uri), "version": .record(["orket": .string(verifier.version)]),
                ]),
                "timeVerified": .string(question.now.rfc3339), "resourceUri": .string(resourceURI),
                "policy": .record([
                    "uri": .string("urn:orket:policy:\(policy.name)"),
                    "digest": .record(["sha256": .string(policy.digest.text)]),
                ]),
                "inputAttestations": .array(inputs), "verificationResult": .string(result.rawValue),
                "verifiedLevels": .array(levels.map(JSONValue.string)), Self.reasonsField: .array(reasons),
                Self.waiverField: waiver.map { WaiverDocument.predicate(of: $0) },
            ]))
    }
}
