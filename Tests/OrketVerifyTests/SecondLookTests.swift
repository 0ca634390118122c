import OrketCore
import OrketSandbox
import OrketVerify
import Synchronization
import Testing

/// Slow programs and busy hosts: which struck limits are looked at twice, and what comes of it.
@Suite("Second look")
struct SecondLookTests {
    /// A run that the wall limit ended after `cpu` of `wall` milliseconds.
    private static func struck(_ code: ReasonCode, cpuMs: Double, wallMs: Double) -> RunResult {
        var result = Results.stopped(.failed, code)
        result.usage.cpuMs = cpuMs
        result.usage.wallMs = wallMs
        return result
    }

    /// The verdict over one record when runs end in turn as `results` say, and the policies of those runs.
    private func verdict(
        _ results: [RunResult], stalled: @escaping @Sendable () -> UInt64?
    ) async throws -> (verdict: VerificationResult, limits: [Limits]) {
        let next = Atomic(0)
        let sandbox = ScriptedSandbox { _, _ in
            results[min(next.wrappingAdd(1, ordering: .relaxed).oldValue, results.count - 1)]
        }
        let verifier = CorpusVerifier(
            Verifier(sandbox: sandbox, policies: try Records.policies()), secondLook: SecondLook(stalled: stalled))
        let last = Mutex<VerificationResult?>(nil)
        try await verifier.verify(try Records.many(1), jobs: 1) { _, result in last.withLock { $0 = result } }
        return (try #require(last.withLock { $0 }), sandbox.requests.map(\.policy.limits))
    }

    /// A clock of waiting that runs by an hour at each reading.
    private static func busy() -> @Sendable () -> UInt64? {
        let waited = Atomic<UInt64>(0)
        return { waited.wrappingAdd(3_600_000_000, ordering: .relaxed).newValue }
    }

    @Test("on a quiet host the first wall limit stands")
    func quiet() async throws {
        let (result, limits) = try await verdict([Self.struck(.wallTime, cpuMs: 0, wallMs: 10_000)]) { 5 }
        #expect(result.verdict.primary == .wallTime)
        #expect(limits.count == 1)
    }

    @Test("on a busy host a starved program gets a second run with more patience, and its own end counts")
    func starved() async throws {
        let results = [Self.struck(.wallTime, cpuMs: 900, wallMs: 10_000), Results.exited(0)]
        let (result, limits) = try await verdict(results, stalled: Self.busy())
        #expect(result.verdict == Verdict(.passed))
        #expect(limits.map(\.wallMs) == [10_000, 40_000])
        #expect(limits[1].cpuMs == 20_000)
    }

    @Test("who meets either limit of the second run is too slow", arguments: [ReasonCode.wallTime, .cpuTime])
    func tooSlow(code: ReasonCode) async throws {
        let results = [
            Self.struck(.wallTime, cpuMs: 900, wallMs: 10_000), Self.struck(code, cpuMs: 20_000, wallMs: 30_000),
        ]
        let (result, _) = try await verdict(results, stalled: Self.busy())
        #expect(result.verdict.outcome == .failed)
        #expect(result.verdict.reasons.map(\.code) == [.wallTime])
    }

    @Test("who had a processor for itself gets no second run")
    func served() async throws {
        let (result, limits) = try await verdict(
            [Self.struck(.wallTime, cpuMs: 9_500, wallMs: 10_000)], stalled: Self.busy())
        #expect(result.verdict.primary == .wallTime)
        #expect(limits.count == 1)
    }

    @Test("other verdicts are never looked at twice, whatever the host did")
    func others() async throws {
        for result in [Results.exited(0), Results.exited(1), Self.struck(.memory, cpuMs: 1, wallMs: 10_000)] {
            #expect(try await verdict([result], stalled: Self.busy()).limits.count == 1)
        }
    }

    @Test("a kernel that does not count waiting gives every starved program its second run")
    func uncounted() async throws {
        let results = [Self.struck(.wallTime, cpuMs: 900, wallMs: 10_000), Results.exited(0)]
        #expect(try await verdict(results) { nil }.verdict.verdict.outcome == .passed)
    }
}
