internal import OrketCore

/// Puts the signed statements of one receipt together. Statements that are each genuine but were taken from two receipts
/// do not fit: the test result names the digest of its enforcement statement.
struct ReceiptReading {
    private let statements: [SignedStatement]
    private let receipt: HexDigest

    init(_ statements: [SignedStatement], receipt: HexDigest) {
        self.statements = statements
        self.receipt = receipt
    }

    /// What the receipt says; throws the first thing that makes it say nothing.
    func claim() throws(ReceiptProblem) -> ReceiptClaim {
        let known = [Enforcement.predicateType, TestResult.predicateType, GateDecision.predicateType]
        for signed in statements where !known.contains(signed.statement.predicateType) {
            let type = signed.statement.predicateType.jsonEscaped
            throw ReceiptProblem(.unknownStatement, line: signed.line, "a predicate of the type '\(type)'")
        }
        let decision = try only(GateDecision.predicateType)
        if let decision {
            if statements.count > 1 { throw ReceiptProblem(.incomplete, "a decision with other statements beside it") }
            return try claim(of: decision)
        }
        guard let enforcement = try only(Enforcement.predicateType) else {
            throw ReceiptProblem(.incomplete, "the enforcement statement is missing")
        }
        let claim = try claim(of: enforcement)
        try check(try only(TestResult.predicateType), against: enforcement, claim)
        return claim
    }

    /// The statement of a type, if there is one; two are a problem.
    private func only(_ type: String) throws(ReceiptProblem) -> SignedStatement? {
        let found = statements.filter { $0.statement.predicateType == type }
        if found.count > 1 { throw ReceiptProblem(.incomplete, line: found[1].line, "a second statement \(type)") }
        return found.first
    }

    private var signers: [PublicKey] {
        let all = statements.map(\.payload.signers)
        // Two keys may each have signed one statement, in the middle of a rotation: then all of them are named.
        let common = all[0].filter { key in all.allSatisfy { $0.contains(key) } }
        return common.isEmpty ? all.flatMap(\.self) : common
    }

    private func claim(of signed: SignedStatement) throws(ReceiptProblem) -> ReceiptClaim {
        guard signed.statement.subjects.count == 1 else {
            throw ReceiptProblem(.unknownStatement, line: signed.line, "a receipt has one subject")
        }
        let (predicate, candidate) = (signed.statement.predicate, signed.statement.subjects[0])
        if signed.statement.predicateType == GateDecision.predicateType {
            guard let policy = predicate["policy"]?["digest"]?["sha256"]?.string.flatMap(HexDigest.init),
                let result = predicate["verificationResult"]?.string.flatMap(TestResult.init(rawValue:))
            else { throw ReceiptProblem(.unknownStatement, line: signed.line, "a decision without policy or result") }
            return ReceiptClaim(
                kind: .decision, candidate: candidate, fixture: nil, policy: policy,
                outcome: result == .passed ? .passed : .failed, assurance: nil, level: nil, degraded: [],
                startedAt: nil, isProven: false,
                receipt: receipt,
                signers: signers)
        }
        guard let outcome = predicate["outcome"]?.string.flatMap(Outcome.init),
            let assurance = predicate["assurance"]?.string.flatMap(Assurance.init),
            let fixture = predicate["fixture"].flatMap(Subject.init),
            let policy = predicate["policy"].flatMap(Subject.init), let level = Enforcement.level(of: predicate),
            let degraded = Enforcement.degraded(of: predicate),
            let startedAt = predicate["timings"]?["startedAt"]?.string.flatMap({ UTCTime($0) })
        else {
            throw ReceiptProblem(
                .unknownStatement, line: signed.line,
                "outcome, assurance, fixture, policy, sandboxes or timings are missing or bad")
        }
        return ReceiptClaim(
            kind: .verification, candidate: candidate, fixture: fixture.digest, policy: policy.digest, outcome: outcome,
            assurance: assurance, level: level, degraded: degraded, startedAt: startedAt,
            isProven: predicate["proof"]?["state"]?.string == "valid", receipt: receipt,
            signers: signers)
    }

    private func check(
        _ signed: SignedStatement?, against enforcement: SignedStatement, _ claim: ReceiptClaim
    ) throws(ReceiptProblem) {
        let due = TestResult(claim.outcome)
        guard let signed else {
            if due == nil { return }
            throw ReceiptProblem(.incomplete, "the test result of the outcome '\(claim.outcome.rawValue)' is missing")
        }
        func contradiction(_ what: String) -> ReceiptProblem { ReceiptProblem(.contradiction, line: signed.line, what) }
        let predicate = signed.statement.predicate
        guard let due, predicate["result"]?.string == due.rawValue else {
            throw contradiction("its result does not follow from the outcome '\(claim.outcome.rawValue)'")
        }
        guard signed.statement.subjects == enforcement.statement.subjects else {
            throw contradiction("it is about another candidate than the enforcement statement")
        }
        guard case .array(let elements)? = predicate["configuration"] else {
            throw ReceiptProblem(.unknownStatement, line: signed.line, "a test result without its configuration")
        }
        let parts = elements.compactMap(Subject.init)
        let bindings = [
            ("enforcement", HexDigest(sha256: enforcement.payload.bytes)), ("fixture", claim.fixture),
            ("policy", claim.policy),
        ]
        for (role, digest) in bindings where parts.filter({ $0.name == role }).map(\.digest) != [digest] {
            throw contradiction("its \(role) is not that of the enforcement statement")
        }
    }
}
