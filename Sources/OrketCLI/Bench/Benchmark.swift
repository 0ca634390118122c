internal import OrketCore
internal import OrketSandbox
internal import OrketSystem

/// Measures sandboxes against the bare program, interleaved: one run of each kind in turn, so that a change of the
/// machine's speed or load meets all alike.
struct Benchmark: Sendable {
    let barePath: String
    let policy: Policy
    let iterations: Int
    let note: @Sendable (String) -> Void

    static let insidePath = "/opt/orket-bench/orket-bare"

    struct Series: Sendable {
        var name: String
        var milliseconds: [Double] = []
        var cpuMs: Double?
    }

    /// Bare, pooled and cold, one each in turn.
    func latency() async throws -> [Series] {
        let bare = try BareProgram(path: barePath, command: [])
        defer { bare.stop() }
        var pooledConfiguration = SupervisorConfiguration()
        pooledConfiguration.poolSize = 2
        let pooledSupervisor = try await Supervisor(configuration: pooledConfiguration)
        let coldSupervisor = try await Supervisor()
        let pooled = try pooledSupervisor.shape(for: policy)
        let cold = try coldSupervisor.shape(for: policy)
        var series = ["bare", "pooled", "cold"].map { Series(name: $0) }
        _ = bare.run(20)
        for _ in 0..<20 { _ = try await timed(cold) }
        await pooled.warmUp()
        for _ in 0..<iterations {
            guard let sample = bare.run(1) else { throw BenchmarkError("the bare program failed") }
            series[0].milliseconds += sample.milliseconds
            series[1].milliseconds.append(try await timed(pooled))
            await pooled.warmUp()
            series[2].milliseconds.append(try await timed(cold))
        }
        await pooledSupervisor.shutdown()
        await coldSupervisor.shutdown()
        return series
    }

    /// Bare and pooled, each after `idleMs` of nothing.
    func afterIdle(idleMs: UInt64, count: Int) async throws -> [Series] {
        let bare = try BareProgram(path: barePath, command: [])
        defer { bare.stop() }
        var configuration = SupervisorConfiguration()
        configuration.poolSize = 2
        let supervisor = try await Supervisor(configuration: configuration)
        let shape = try supervisor.shape(for: policy)
        var series = ["bare", "pooled"].map { Series(name: $0) }
        await shape.warmUp()
        for _ in 0..<count {
            try await Task.sleep(nanoseconds: idleMs * 1_000_000)
            series[0].milliseconds += bare.run(1)?.milliseconds ?? []
            await shape.warmUp()
            try await Task.sleep(nanoseconds: idleMs * 1_000_000)
            series[1].milliseconds.append(try await timed(shape))
        }
        await supervisor.shutdown()
        return series
    }

    struct Throughput: Sendable {
        var parallel: Int
        var bareRunsPerSecond: [Double] = []
        var runsPerSecond: [Double] = []
        var bareCPUMsPerRun: [Double] = []
        var cpuMsPerRun: [Double] = []
    }

    /// Runs as fast as they go, preparation included, in windows that alternate with the bare program.
    func throughput(parallel: Int, windows: Int, seconds: Double) async throws -> Throughput {
        var configuration = SupervisorConfiguration()
        configuration.poolSize = parallel + 2
        let supervisor = try await Supervisor(configuration: configuration)
        let shape = try supervisor.shape(for: policy)
        await shape.warmUp()
        var result = Throughput(parallel: parallel)
        for _ in 0..<windows {
            let (bareCount, bareCPU, bareSeconds) = try await bareWindow(parallel: parallel, seconds: seconds)
            result.bareRunsPerSecond.append(Double(bareCount) / bareSeconds)
            result.bareCPUMsPerRun.append(bareCPU / Double(bareCount))
            let cpuBefore = Process.ownCPUNanoseconds + Process.cpuNanosecondsOfTree(supervisor.jailPID)
            let start = BootClock.now
            let end = start + UInt64(seconds * 1_000_000_000)
            let count = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<parallel {
                    group.addTask {
                        var done = 0
                        while BootClock.now < end {
                            _ = try await timed(shape)
                            done += 1
                        }
                        return done
                    }
                }
                return try await group.reduce(0, +)
            }
            let elapsed = BootClock.milliseconds(from: start, to: BootClock.now) / 1000
            await shape.warmUp()
            let cpuAfter = Process.ownCPUNanoseconds + Process.cpuNanosecondsOfTree(supervisor.jailPID)
            result.runsPerSecond.append(Double(count) / elapsed)
            result.cpuMsPerRun.append(Double(cpuAfter - cpuBefore) / 1_000_000 / Double(count))
        }
        await supervisor.shutdown()
        return result
    }

    private func bareWindow(parallel: Int, seconds: Double) async throws -> (count: Int, cpuMs: Double, seconds: Double)
    {
        let programs = try (0..<parallel).map { _ in try BareProgram(path: barePath, command: []) }
        defer { for program in programs { program.stop() } }
        let start = BootClock.now
        let end = start + UInt64(seconds * 1_000_000_000)
        let samples = await withTaskGroup(of: (Int, Double).self) { group in
            for program in programs {
                group.addTask {
                    var count = 0
                    var cpu = 0.0
                    while BootClock.now < end {
                        guard let sample = await Blocking.run({ program.run(50) }) else { break }
                        count += sample.milliseconds.count
                        cpu += sample.cpuMs
                    }
                    return (count, cpu)
                }
            }
            return await group.reduce(into: (0, 0.0)) { sum, one in sum = (sum.0 + one.0, sum.1 + one.1) }
        }
        return (samples.0, samples.1, BootClock.milliseconds(from: start, to: BootClock.now) / 1000)
    }

    /// One run of the empty program; milliseconds around the whole call.
    private func timed(_ shape: SandboxShape) async throws -> Double {
        let start = BootClock.now
        let result = try await shape.run(RunRequest(argv: [Self.insidePath, "-"]))
        let elapsed = BootClock.milliseconds(from: start, to: BootClock.now)
        guard result.outcome == .passed else {
            throw BenchmarkError(
                "a benchmark run did not pass: \(result.reasons.first?.detail ?? result.outcome.rawValue)")
        }
        return elapsed
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
