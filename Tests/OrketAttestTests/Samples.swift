import OrketAttest
import OrketCore

/// Fixed keys and facts: what is made of them is the same in every run.
enum Samples {
    /// Its secret is the bytes `first`, `first + 1`, ...
    static func key(_ first: UInt8 = 0) throws -> SigningKey { try SigningKey(seed: (0..<32).map { first &+ $0 }) }

    /// 2026-11-18T11:06:40Z.
    static let moment = UTCTime(milliseconds: 1_795_000_000_000)

    static func digest(_ text: String) -> HexDigest { HexDigest(sha256: Array(text.utf8)) }

    static func subject(_ name: String) throws -> Subject { try Subject(name, digest(name)) }

    /// A passed verification of the candidate `candidate`, with one sandbox.
    static func facts(
        candidate: String = "candidate", outcome: Outcome = .passed, reasons: [Reason]? = nil
    ) throws -> VerificationFacts {
        let sandbox = SandboxFacts(
            plan: digest("plan"), level: .cgroups, degraded: [.landlock],
            mechanisms: ["seccompMode": "2", "capEff": "0000000000000000"])
        let usage = Usage(
            wallMs: 12.5, cpuMs: 7.0004, cpuMetric: "cpuacct.usage", memoryPeakBytes: 4_096,
            memoryMetric: "memory.peak", processesPeak: 2)
        return VerificationFacts(
            candidate: try subject(candidate), fixture: try subject("good-c"), policy: try subject("toolchains/c"),
            verifier: VerifierIdentity(version: "0.1.0", digest: digest("orket")), kernel: "6.1.0", outcome: outcome,
            reasons: reasons ?? (outcome == .passed ? [] : [Reason(.wrongOutput, "stdout differs")]),
            assurance: .blackbox, limits: Limits(), usage: usage,
            timings: AttestedTimings(startedAt: moment, compileMs: 100, runMs: 12.5, totalMs: 120),
            sandboxes: [sandbox])
    }

    static func receipt(_ facts: VerificationFacts, key: SigningKey? = nil) throws -> [UInt8] {
        try Receipt(facts, signedBy: key ?? Self.key()).bytes
    }

    /// What a receipt says, when it is good.
    static func claim(_ facts: VerificationFacts) throws -> ReceiptClaim? {
        ReceiptVerifier(trusting: [try key().publicKey]).verify(try receipt(facts)).claim
    }

    static let record = EvidenceID("01a4f0a6-7e00-7000-8000-000000000001")!

    /// The decision about the issue 7, for which the candidate of `facts()` must pass the fixture of `facts()`.
    static func decision(
        _ claims: [ReceiptClaim], waiver: Waiver? = nil, waivers: Set<String> = ["ada"]
    ) throws -> GateDecision {
        let facts = try facts()
        var policy = GatePolicy()
        policy.allowedDegraded = [.landlock]
        policy.waivers = waivers
        let receipts = claims.compactMap {
            $0.checked(record: record, recordedAt: moment, isProven: true, isCached: false)
        }
        let question = GateQuestion(
            issue: CardID("7")!, candidate: facts.candidate.digest,
            fixtures: [.init(name: "good-c", digest: facts.fixture.digest, policy: facts.policy.digest)],
            policy: policy, policyDigest: digest("gate"), receipts: receipts, waiver: waiver, now: moment)
        return try GateDecision(
            question, candidateName: "candidate", policyName: "gate", verifier: VerifierIdentity(version: "0.1.0"))
    }

    /// A waiver for that issue and candidate.
    static func waiver(days: Int64 = 7) throws -> [UInt8] {
        try WaiverDocument.bytes(
            issue: CardID("7")!, candidate: digest("candidate"), person: "ada", reason: "hotfix", issuedAt: moment,
            expiresAt: UTCTime(milliseconds: moment.milliseconds + days * 86_400_000), signedBy: key())
    }
}
