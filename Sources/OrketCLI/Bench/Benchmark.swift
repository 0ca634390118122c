import OrketCore
import OrketSandbox
import OrketSystem

/// Measures sandboxes against the bare program. The stages are in extensions, one a file.
struct Benchmark: Sendable {
    let barePath: String
    let policy: Policy
    /// Runs of each kind in the latency stage.
    let iterations: Int

    /// Where a sandbox finds the program that bare runs execute as well.
    static let insidePath = "/opt/orket-bench/orket-bare"

    /// One kind of run: how long each took.
    struct Series: Sendable {
        var name: String
        var milliseconds: [Double] = []
        /// CPU time of everything that a run needs, preparation included; nil when it was not taken.
        var cpuMs: Double?
    }

    /// `policy` with one mount more: the empty program. Throws when this installation lacks it.
    init(policy: Policy, iterations: Int) throws(InvalidInput) {
        guard let path = BareProgram.locate() else {
            throw InvalidInput([
                Finding(file: "orket-bare", "not beside orket: build the product `orket` or install it whole")
            ])
        }
        barePath = path
        var policy = policy
        policy.mounts.append(.init(source: path, target: Self.insidePath, why: "the program that is measured"))
        self.policy = policy
        self.iterations = iterations
    }

    /// A supervisor with the measured policy's pool of `poolSize`, warm.
    func withShape<Value>(
        poolSize: Int, _ work: (SandboxShape, Supervisor) async throws -> Value
    ) async throws -> Value {
        var configuration = SupervisorConfiguration()
        configuration.poolSize = poolSize
        let supervisor = try await Supervisor(configuration: configuration)
        let result: Result<Value, any Error>
        do {
            let shape = try supervisor.shape(for: policy)
            for _ in 0..<10 { _ = try await timed(shape) }
            await shape.warmUp()
            result = .success(try await work(shape, supervisor))
        } catch { result = .failure(error) }
        await supervisor.shutdown()
        return try result.get()
    }

    /// One run of the empty program; milliseconds around the whole call. A run that does not pass ends the benchmark.
    func timed(_ shape: SandboxShape) async throws -> Double {
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

/// Why a benchmark ended early.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
