package import OrketCore

/// Checks a gate's decision offline, together with the receipts and waivers that it rests on.
package struct DecisionVerifier: Sendable {
    private let trusted: [PublicKey]

    /// Trusts `keys` for decisions, receipts and waivers alike.
    package init(trusting keys: [PublicKey]) { trusted = keys }

    /// What a decision says, once its signature and form were found good.
    package struct Decision: Sendable, Hashable {
        package let candidate: Subject
        package let resourceURI: String
        package let result: TestResult
        package let verifiedAt: UTCTime
        package let levels: [String]
        /// Receipts and waivers by digest, in the order of the decision.
        package let inputs: [HexDigest]
        /// Who waived the evidence; nil where nobody did.
        package let waivedBy: String?
        package let claim: ReceiptClaim
    }

    /// The decision, and everything that is wrong with it or with what it rests on.
    package struct Result: Sendable {
        package let decision: Decision?
        package let problems: [String]
        /// Inputs that the decision names and nobody has given.
        package let missing: [HexDigest]
    }

    /// Checks the bytes of one decision; `inputs` are the bytes of receipts and waivers, in any order.
    package func verify(_ bytes: [UInt8], inputs: [[UInt8]]) -> Result {
        let read = ReceiptVerifier(trusting: trusted).verify(bytes)
        guard read.problems.isEmpty, let claim = read.claim else {
            return Result(decision: nil, problems: read.problems.map { "\($0)" }, missing: [])
        }
        guard claim.kind == .decision, let decision = Self.decision(claim, bytes) else {
            return Result(decision: nil, problems: ["this is the receipt of a verification, no decision"], missing: [])
        }
        var problems: [String] = []
        var given: Set<HexDigest> = []
        for input in inputs {
            let digest = HexDigest(sha256: input)
            given.insert(digest)
            guard decision.inputs.contains(digest) else {
                problems.append("the decision does not rest on the input \(digest)")
                continue
            }
            problems += against(input, decision).map { "input \(digest): \($0)" }
        }
        if decision.result == .passed, decision.inputs.isEmpty {
            problems.append("it says PASSED and rests on nothing")
        }
        return Result(decision: decision, problems: problems, missing: decision.inputs.filter { !given.contains($0) })
    }

    /// What speaks against an input of a decision.
    private func against(_ input: [UInt8], _ decision: Decision) -> [String] {
        if decision.waivedBy != nil, let waiver = try? WaiverDocument.waiver(input, trusting: trusted) {
            var found: [String] = []
            if waiver.candidate != decision.candidate.digest { found.append("a waiver for another candidate") }
            if decision.resourceURI != "orket:issue/\(waiver.issue)" { found.append("a waiver for another issue") }
            if !(waiver.issuedAt...waiver.expiresAt).contains(decision.verifiedAt) {
                found.append("a waiver that did not hold when it was decided")
            }
            return found
        }
        let read = ReceiptVerifier(trusting: trusted).verify(input)
        guard read.problems.isEmpty, let claim = read.claim, claim.kind == .verification else {
            return read.problems.isEmpty ? ["no receipt of a verification"] : read.problems.map { "\($0)" }
        }
        var found: [String] = []
        if claim.candidate.digest != decision.candidate.digest { found.append("it is about another candidate") }
        if decision.result == .passed, claim.outcome != .passed { found.append("it says \(claim.outcome.rawValue)") }
        return found
    }

    private static func decision(_ claim: ReceiptClaim, _ bytes: [UInt8]) -> Decision? {
        guard let envelope = try? Envelope(decoding: Array(bytes.dropLast())),
            let predicate = (try? StrictJSON.parse(envelope.unverifiedPayload))?["predicate"],
            let resource = predicate["resourceUri"]?.string,
            let result = predicate["verificationResult"]?.string.flatMap(TestResult.init(rawValue:)),
            let time = predicate["timeVerified"]?.string.flatMap({ UTCTime($0) }),
            case .array(let levels)? = predicate["verifiedLevels"],
            case .array(let inputs)? = predicate["inputAttestations"]
        else { return nil }
        let digests = inputs.compactMap { $0["digest"]?["sha256"]?.string.flatMap(HexDigest.init) }
        guard digests.count == inputs.count else { return nil }
        return Decision(
            candidate: claim.candidate, resourceURI: resource, result: result, verifiedAt: time,
            levels: levels.compactMap(\.string), inputs: digests,
            waivedBy: predicate[GateDecision.waiverField]?["person"]?.string, claim: claim)
    }
}
