import OrketAttest
import OrketCore
import OrketVerify

/// One verification as the store and the receipt want it. Pure.
struct VerdictFinding {
    private let result: FixtureResult
    private let report: FixtureReport
    private let surroundings: VerifierSurroundings
    private let limits: Limits
    private let time: UTCTime
    private let digests: EvidenceDigests

    /// Nil when a digest is missing: what it is about could not be told then.
    init?(_ result: FixtureResult, _ surroundings: VerifierSurroundings, limits: Limits, at time: UTCTime) {
        let report = result.report
        func digest(_ text: String?) -> HexDigest? { text.flatMap { HexDigest($0) } }
        guard let candidate = digest(report.digests.candidate), let fixture = digest(report.digests.fixture),
            let policy = digest(report.digests.policy)
        else { return nil }
        let plans = report.digests.plans
        let plan =
            plans.count == 1
            ? digest(plans[0]) : HexDigest(sha256: Array(plans.map { $0 + "\n" }.joined().utf8))
        self.result = result
        self.report = report
        self.surroundings = surroundings
        self.limits = limits
        self.time = time
        digests = EvidenceDigests(
            candidate: candidate, fixture: fixture, policy: policy, plan: plan ?? .zero,
            toolchain: surroundings.toolchain(result.fixture.language), verifier: surroundings.verifier)
    }

    /// Equal for two verifications that must conclude the same.
    static func cacheKey(
        candidate: HexDigest, fixture: HexDigest, policy: HexDigest, toolchain: HexDigest, verifier: HexDigest
    ) -> HexDigest {
        let parts = ["orket.cache/1"] + [candidate, fixture, policy, toolchain, verifier].map(\.text)
        return HexDigest(sha256: Array(parts.map { $0 + "\n" }.joined().utf8))
    }

    /// For the store.
    func record(_ id: EvidenceID) -> EvidenceRecord {
        let mechanisms = report.isolation.mechanisms
        var record = EvidenceRecord(
            id: id, recordedAt: time, fixture: report.id, outcome: report.outcome, reasons: report.reasons,
            assurance: report.assurance, digests: digests,
            cacheKey: Self.cacheKey(
                candidate: digests.candidate, fixture: digests.fixture, policy: digests.policy,
                toolchain: digests.toolchain, verifier: digests.verifier),
            kernel: surroundings.kernel,
            limits: EvidenceLimits(
                asked: limits,
                readBack: mechanisms.filter { $0.key.hasPrefix("cgroup.") || $0.key.hasPrefix("rlimit.") }),
            usage: report.usage, isolation: report.isolation, streams: result.result.streams.compactMap(Self.stream),
            timings: report.timings,
            cases: report.cases.enumerated().map { index, item in
                let trials = result.result.trials
                return EvidenceCase(
                    id: item.id, outcome: item.outcome, reasons: item.reasons, usage: item.usage,
                    // Redacted where they are made, and here once more.
                    streams: index < trials.count && !item.isHidden ? trials[index].streams.compactMap(Self.stream) : []
                )
            })
        record.compilations = report.compilations
        record.proof = result.proof?.word
        record.sandboxes = result.result.sandboxes.compactMap { seen in
            HexDigest(seen.plan).map {
                EvidenceSandbox(role: seen.role, plan: $0, isolation: seen.isolation, isReused: seen.isReused)
            }
        }
        record.streamsLeftOut = result.result.streamsLeftOut
        return record
    }

    /// Nil for a stream of which no digest was taken.
    private static func stream(_ seen: SeenStream) -> EvidenceStream? {
        guard let digest = HexDigest(seen.digest) else { return nil }
        var kept: KeptBytes?
        if case .stored(let name, let bytes, let head) = seen.content, let name = HexDigest(name) {
            kept = KeptBytes(digest: name, bytes: bytes, head: head)
        }
        return EvidenceStream(
            step: seen.step, kind: seen.kind, bytes: seen.bytes, digest: digest, truncated: seen.isTruncated,
            name: seen.name, kept: kept)
    }

    /// For the receipt.
    func facts() throws(AttestError) -> VerificationFacts {
        var facts = VerificationFacts(
            candidate: try Subject(report.candidate, digests.candidate),
            fixture: try Subject(report.id, digests.fixture),
            policy: try Subject(result.fixture.language.runPolicy, digests.policy),
            toolchain: try Subject(result.fixture.language.rawValue, digests.toolchain),
            verifier: VerifierIdentity(version: Version.current, digest: surroundings.verifier),
            kernel: surroundings.kernel, outcome: report.outcome, reasons: report.reasons, assurance: report.assurance,
            limits: limits, usage: report.usage,
            timings: AttestedTimings(
                startedAt: time, compileMs: report.timings.compileMs, runMs: report.timings.runMs,
                totalMs: report.timings.totalMs),
            sandboxes: sandboxes)
        facts.proof = result.proof?.word
        facts.passedTests = report.cases.filter { $0.outcome == .passed }.map(\.id)
        facts.failedTests = report.cases.filter { $0.outcome != nil && $0.outcome != .passed }.map(\.id)
        return facts
    }

    private var sandboxes: [SandboxFacts] {
        result.result.sandboxes.compactMap { seen in
            HexDigest(seen.plan).map {
                SandboxFacts(
                    plan: $0, level: seen.isolation.level, degraded: seen.isolation.degraded,
                    mechanisms: seen.isolation.mechanisms, role: seen.role, isReused: seen.isReused)
            }
        }
    }
}
