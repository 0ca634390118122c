package import OrketCore

/// What a gate concluded about a candidate, as a SLSA verification summary (VSA), version 1. The gate gives what it
/// knows; whether that is a pass is computed here and cannot be said otherwise.
package struct GateDecision: Sendable {
    /// Value of `predicateType`.
    package static let predicateType = "https://slsa.dev/verification_summary/v1"
    /// Name of Orket's own field in the predicate: extensions are named by URIs.
    package static let reasonsField = "https://orket.dev/attestation/gate/v1#reasons"

    package let candidate: Subject
    /// A URI of what the candidate is for, such as `orket:issue/ISSUE-7`.
    package let resourceURI: String
    /// The gate's own policy.
    package let policy: Subject
    /// Receipts of verifications, as they were verified.
    package let evidence: [ReceiptClaim]
    /// Why the gate refuses although the evidence may be good; empty when it does not.
    package let refusals: [Reason]
    package let verifier: VerifierIdentity
    package let verifiedAt: UTCTime

    /// A decision; see `result` for what it is.
    package init(
        candidate: Subject, resourceURI: String, policy: Subject, evidence: [ReceiptClaim], refusals: [Reason] = [],
        verifier: VerifierIdentity, verifiedAt: UTCTime
    ) {
        self.candidate = candidate
        self.resourceURI = resourceURI
        self.policy = policy
        self.evidence = evidence
        self.refusals = refusals
        self.verifier = verifier
        self.verifiedAt = verifiedAt
    }

    /// Every reason against a pass: the gate's own, and what the evidence lacks.
    package var reasons: [Reason] {
        var reasons = refusals
        if evidence.isEmpty { reasons.append(Reason(.noTestsRan, "there is no evidence")) }
        for claim in evidence {
            if claim.kind != .verification {
                reasons.append(Reason(.staleEvidence, "receipt \(claim.receipt) is not of a verification"))
            }
            if claim.candidate.digest != candidate.digest {
                reasons.append(Reason(.staleEvidence, "receipt \(claim.receipt) is of another candidate"))
            }
            if claim.outcome != .passed {
                reasons.append(Reason(.resultMismatch, "receipt \(claim.receipt): \(claim.outcome.rawValue)"))
            }
        }
        return reasons
    }

    /// Passed exactly when there is evidence and no reason against it.
    package var result: TestResult { reasons.isEmpty ? .passed : .failed }

    /// The weakest assurance and the weakest isolation of all evidence, in words that do not claim a SLSA level.
    private var levels: [String] {
        guard result == .passed else { return ["FAILED"] }
        let level = evidence.compactMap(\.level).min() ?? IsolationLevel.none
        let weakest = Assurance.allCases.last { assurance in evidence.contains { $0.assurance == assurance } }
        let assurance = weakest ?? .inProcess
        return ["ORKET_ASSURANCE_\(assurance.rawValue.uppercased())", "ORKET_ISOLATION_LEVEL_\(level.rawValue)"]
    }

    /// The statement about the decision.
    func statement() throws(AttestError) -> Statement {
        let inputs = evidence.map { claim in
            JSONValue.record([
                "uri": .string("urn:orket:receipt:\(claim.receipt)"),
                "digest": .record(["sha256": .string(claim.receipt.text)]),
            ])
        }
        let reasons = reasons.map { reason in
            JSONValue.record(["code": .string(reason.code.rawValue), "detail": .string(reason.detail)])
        }
        return try Statement(
            subjects: [candidate], predicateType: Self.predicateType,
            predicate: .record([
                "verifier": .record([
                    "id": .string(VerifierIdentity.uri), "version": .record(["orket": .string(verifier.version)]),
                ]),
                "timeVerified": .string(verifiedAt.rfc3339), "resourceUri": .string(resourceURI),
                "policy": .record([
                    "uri": .string("urn:orket:policy:\(policy.name)"),
                    "digest": .record(["sha256": .string(policy.digest.text)]),
                ]),
                "inputAttestations": .array(inputs), "verificationResult": .string(result.rawValue),
                "verifiedLevels": .array(levels.map(JSONValue.string)), Self.reasonsField: .array(reasons),
            ]))
    }
}
