import OrketCore
import OrketSandbox
import OrketSystem

extension Benchmark {
    /// Windows of the bare program and of sandboxes that alternate.
    struct Throughput: Sendable {
        var parallel: Int
        var bareRunsPerSecond: [Double] = []
        var runsPerSecond: [Double] = []
        var bareCPUMsPerRun: [Double] = []
        /// Of the supervisor, the jail and everything in the sandboxes.
        var cpuMsPerRun: [Double] = []
        /// The supervisor's part of `cpuMsPerRun`.
        var supervisorCPUMsPerRun: [Double] = []
    }

    private struct Window {
        var runs = 0
        var cpuMs = 0.0
        var ownCPUMs = 0.0
        var seconds = 0.0
    }

    /// Runs as fast as they go, preparation included.
    func throughput(parallel: Int, windows: Int = 5) async throws -> Throughput {
        let seconds = max(0.4, Double(iterations) / 500)
        return try await withShape(poolSize: parallel + 2) { shape, supervisor in
            var result = Throughput(parallel: parallel)
            for _ in 0..<windows {
                let bare = try await bareWindow(parallel: parallel, seconds: seconds)
                result.bareRunsPerSecond.append(Double(bare.runs) / bare.seconds)
                result.bareCPUMsPerRun.append(bare.cpuMs / Double(bare.runs))
                let window = try await window(shape, supervisor, parallel: parallel, seconds: seconds)
                result.runsPerSecond.append(Double(window.runs) / window.seconds)
                result.cpuMsPerRun.append(window.cpuMs / Double(window.runs))
                result.supervisorCPUMsPerRun.append(window.ownCPUMs / Double(window.runs))
                try Task.checkCancellation()
            }
            return result
        }
    }

    private func window(
        _ shape: SandboxShape, _ supervisor: Supervisor, parallel: Int, seconds: Double
    ) async throws -> Window {
        let ownBefore = Process.ownCPUNanoseconds
        let jailBefore = Process.cpuNanosecondsOfTree(supervisor.jailPID)
        let start = BootClock.now
        let end = start + UInt64(seconds * 1_000_000_000)
        var window = Window()
        window.runs = try await withThrowingTaskGroup(of: Int.self) { group in
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
        window.seconds = BootClock.milliseconds(from: start, to: BootClock.now) / 1000
        // What was taken from the pool is put back on this window's account.
        await shape.warmUp()
        window.ownCPUMs = Double(Process.ownCPUNanoseconds - ownBefore) / 1_000_000
        let jail = Process.cpuNanosecondsOfTree(supervisor.jailPID)
        window.cpuMs = window.ownCPUMs + Double(jail > jailBefore ? jail - jailBefore : 0) / 1_000_000
        return window
    }

    private func bareWindow(parallel: Int, seconds: Double) async throws -> Window {
        let programs = try (0..<parallel).map { _ in try BareProgram(path: barePath, command: []) }
        defer { for program in programs { program.stop() } }
        let start = BootClock.now
        let end = start + UInt64(seconds * 1_000_000_000)
        var window = await withTaskGroup(of: Window.self) { group in
            for program in programs {
                group.addTask {
                    var own = Window()
                    while BootClock.now < end {
                        guard let sample = await Blocking.run({ program.run(50) }) else { break }
                        own.runs += sample.milliseconds.count
                        own.cpuMs += sample.cpuMs
                    }
                    return own
                }
            }
            return await group.reduce(into: Window()) { sum, one in
                sum.runs += one.runs
                sum.cpuMs += one.cpuMs
            }
        }
        window.seconds = BootClock.milliseconds(from: start, to: BootClock.now) / 1000
        if window.runs == 0 { throw BenchmarkError("the bare program failed") }
        return window
    }
}
