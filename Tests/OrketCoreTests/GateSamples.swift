import OrketCore

/// Receipts and questions for tests of the gate.
enum GateSamples {
    static let now = UTCTime(milliseconds: 1_770_000_000_000)

    /// A digest that stands for `number`.
    static func digest(_ number: UInt8) -> HexDigest { HexDigest(bytes: [UInt8](repeating: number, count: 32)) }

    static let candidate = digest(1)
    static let fixture = GateQuestion.Fixture(name: "sum", digest: digest(2), policy: digest(3))

    /// A receipt that satisfies `question()`.
    static func receipt(
        _ name: UInt8 = 4, candidate: HexDigest = candidate, fixture: HexDigest = fixture.digest,
        policy: HexDigest = fixture.policy, outcome: Outcome = .passed, assurance: Assurance = .blackbox,
        level: IsolationLevel = .namespaces, degraded: [Protection] = [], ageMs: Int64 = 1_000, isProven: Bool = true,
        isCached: Bool = false
    ) -> CheckedReceipt {
        var generator = Counter(value: UInt64(name))
        return CheckedReceipt(
            verified: digest(name), candidate: candidate, fixture: fixture, policy: policy, outcome: outcome,
            assurance: assurance, level: level, degraded: degraded,
            record: EvidenceID(milliseconds: now.milliseconds - ageMs, using: &generator),
            recordedAt: UTCTime(milliseconds: now.milliseconds - ageMs), isProven: isProven, isCached: isCached)
    }

    static func question(_ receipts: [CheckedReceipt], issue: CardID = CardID("ISSUE-1")!) -> GateQuestion {
        GateQuestion(
            issue: issue, candidate: candidate, fixtures: [fixture], policyDigest: digest(5), receipts: receipts,
            now: now)
    }

    /// The gate's token for `issue`.
    static func token(of issue: CardID) -> VerifiedEvidence {
        Gate.decide(question([receipt()], issue: issue)).evidence!
    }

    /// Gives the same bits each time.
    private struct Counter: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 {
            value &+= 1
            return value
        }
    }
}
