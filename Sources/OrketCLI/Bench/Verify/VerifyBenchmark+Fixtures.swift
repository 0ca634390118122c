import OrketCore
import OrketSandbox
import OrketSystem
import OrketVerify
import Synchronization

extension VerifyBenchmark {
    /// What many small fixtures take of the machine.
    struct Fixtures: Sendable {
        var count: Int
        var series: Benchmark.Series
        /// CPU time of all processes over that of all processors, one a round.
        var utilisation: [Double] = []
        /// CPU time that no sandboxed program used, over all of it, one a round.
        var overhead: [Double] = []
        /// Resident memory of the supervisor after each round, bytes.
        var residentBytes: [UInt64] = []
    }

    /// Fifty fixtures in this process, so that what each sandbox used is known exactly.
    func fixtures() async throws -> Fixtures {
        let directory = place.path + "/fixtures"
        try FixtureWriter.write(BenchFixtures.mixed, to: directory)
        let fixtures = try FixtureReading.read([directory])
        var result = Fixtures(count: fixtures.count, series: .init(name: "\(fixtures.count) fixtures"))
        for _ in 0..<rounds {
            let cpuBefore = Process.cpuNanosecondsWithChildren
            let start = BootClock.now
            let used = try await verify(fixtures)
            let elapsed = BootClock.milliseconds(from: start, to: BootClock.now)
            let cpu = Double(Process.cpuNanosecondsWithChildren - cpuBefore) / 1_000_000
            result.series.milliseconds.append(elapsed)
            result.series.cpuMs = (result.series.cpuMs ?? 0) + cpu
            result.utilisation.append(cpu / (elapsed * Double(Process.processorCount)))
            result.overhead.append((cpu - used) / cpu)
            result.residentBytes.append(Process.proportionalBytes(Process.processID, withTree: Process.processID))
            try Task.checkCancellation()
        }
        return result
    }

    /// From the start of a supervisor to its end; the CPU time of all sandboxes, milliseconds.
    private func verify(_ fixtures: [Fixture]) async throws -> Double {
        let languages = Set(fixtures.flatMap(\.languages))
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) }
        let drivers = try Drivers(languages, directory: store.directory + "/drivers")
        let supervisor = try await Supervisor()
        let meter = MeteredSandbox(supervisor)
        let verifier = FixtureVerifier(sandbox: meter, policies: policies, drivers: drivers)
        let results = await verifier.verify(fixtures, jobs: jobs ?? Process.processorCount + 1)
        await verifier.shutdown()
        await supervisor.shutdown()
        for result in results where result.result.verdict.outcome != .passed {
            let reason = result.result.verdict.reasons.first?.detail ?? ""
            throw BenchmarkError("\(result.fixture.id) did not pass: \(reason)")
        }
        return meter.cpuMs
    }
}

/// Adds up what the programs in all sandboxes used.
private final class MeteredSandbox: SandboxRunner {
    private let sandbox: any SandboxRunner
    private let used = Mutex(0.0)

    init(_ sandbox: any SandboxRunner) { self.sandbox = sandbox }

    var cpuMs: Double { used.withLock { $0 } }

    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        let result = try await sandbox.execute(request, policy: policy)
        used.withLock { $0 += result.usage.cpuMs }
        return result
    }

    func openChannel() throws(SandboxError) -> ResultChannel { try sandbox.openChannel() }
    func openInput() throws(SandboxError) -> InputRelay { try sandbox.openInput() }
}
