package import OrketCore

/// A worker whose answers are a function.
package struct ScriptedWorker: IssueWorker {
    private let script: @Sendable (Assignment) async throws(WorkFailure) -> HexDigest

    /// A worker that delivers what `script` returns.
    package init(_ script: @escaping @Sendable (Assignment) async throws(WorkFailure) -> HexDigest) {
        self.script = script
    }

    package func work(_ assignment: Assignment) async throws(WorkFailure) -> Delivery {
        Delivery(candidate: try await script(assignment))
    }
}

/// A verifier and a gate in one: the verdict is a function of the candidate, so that both find the same, also in another
/// process. The decision is the real one.
package struct ScriptedVerifier: Verifying, GateKeeping {
    private let verdict: @Sendable (Issue, HexDigest) async throws(VerificationFailure) -> Outcome
    private let wasVerified: @Sendable (VerificationJob) async -> Void

    /// A verifier with the verdicts of `verdict`.
    package init(
        wasVerified: @escaping @Sendable (VerificationJob) async -> Void = { _ in },
        _ verdict: @escaping @Sendable (Issue, HexDigest) async throws(VerificationFailure) -> Outcome
    ) {
        self.verdict = verdict
        self.wasVerified = wasVerified
    }

    package func verify(_ job: VerificationJob) async throws(VerificationFailure) -> [EvidenceID] {
        await wasVerified(job)
        _ = try await verdict(job.issue, job.candidate)
        return job.issue.verification.fixtures.isEmpty ? [] : [Self.record(job.candidate)]
    }

    package func rule(
        on issue: Issue, candidate: HexDigest, evidence: [EvidenceID], at time: UTCTime
    ) async throws(VerificationFailure) -> GateRuling {
        let fixtures = issue.verification.fixtures.map {
            GateQuestion.Fixture(name: $0, digest: Fakes.digest($0), policy: Fakes.digest("policy"))
        }
        var receipts: [CheckedReceipt] = []
        for record in evidence {
            for fixture in fixtures {
                receipts.append(
                    CheckedReceipt(
                        verified: Fakes.digest("\(issue.id) \(candidate)"), candidate: candidate,
                        fixture: fixture.digest,
                        policy: fixture.policy, outcome: try await verdict(issue, candidate), assurance: .blackbox,
                        level: .namespaces, degraded: [], record: record, recordedAt: time, isProven: true,
                        isCached: false))
            }
        }
        return Gate.decide(
            GateQuestion(
                issue: issue.id, candidate: candidate, fixtures: fixtures, policyDigest: Fakes.digest("gate"),
                receipts: receipts, now: time))
    }

    private static func record(_ candidate: HexDigest) -> EvidenceID {
        let digits = Array(candidate.text)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return EvidenceID(groups.map { String($0) }.joined(separator: "-"))!
    }
}

/// Digests that are no SHA-256, for tests without one.
package enum Fakes {
    /// Different for different texts, the same in every process.
    package static func digest(_ text: String) -> HexDigest { digest(Array(text.utf8)) }

    /// The same of bytes.
    package static func digest(_ bytes: [UInt8]) -> HexDigest {
        var words: [UInt64] = []
        for salt in 0..<4 as Range<UInt64> {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ salt &* 0x9e37_79b9_7f4a_7c15
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            words.append(hash ^ hash >> 29)
        }
        return HexDigest(bytes: words.flatMap(\.bigEndianBytes))
    }
}

/// A clock without time: short waits are over at once, long ones (deadlines) last until they are cancelled or `expire` is called.
package final class TestClock: HostClock, Sendable {
    /// Waits of so many milliseconds and more are deadlines.
    package static let deadline: Int64 = 100_000
    private let expiry = Signal()

    /// A clock whose deadlines do not pass.
    package init() {}

    package var now: UTCTime { UTCTime(milliseconds: 1_770_000_000_000) }
    package var steadyMs: Int64 { 0 }

    package func sleep(milliseconds: Int64) async throws(CancellationError) {
        if milliseconds < Self.deadline { return await Task.yield() }
        try await expiry.wait()
    }

    /// Every deadline has passed.
    package func expire() { expiry.fire() }
}

/// Chance that is always the same.
package struct NoChance: Randomness {
    /// Always 0.
    package init() {}

    package func unit() -> Double { 0 }
}
