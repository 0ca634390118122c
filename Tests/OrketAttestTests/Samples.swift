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
}
