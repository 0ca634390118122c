package import ArgumentParser
import OrketCore
import OrketSandbox
import OrketSystem

/// `orket bench`: what Orket costs on this host.
package struct BenchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure what sandboxes and verdicts cost on this host.",
        subcommands: [BenchSandboxCommand.self, BenchVerifyCommand.self], defaultSubcommand: BenchSandboxCommand.self)

    /// Made by the argument parser.
    package init() {}
}

/// `orket bench [sandbox]`: what a sandbox costs, against the bare program and the installed peers.
package struct BenchSandboxCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Measure sandboxes against bare fork and exec, and against the sandboxes that are installed.",
        discussion: """
            Everything that is compared runs interleaved, one of each in turn, so that load of the machine meets all alike: \
            the ratios mean something, the milliseconds are those of this host at this moment. docs/benchmarks.md tells the \
            method.

            Exit status: 0 measured, 2 bad usage, 3 the sandbox cannot be had on this host, 130 interrupted.
            """)

    enum Stage: String, CaseIterable, ExpressibleByArgument {
        case latency, idle, throughput, peers, memory, growth
    }

    @Option(help: "Runs of each kind in the latency stage; the others follow from it.")
    var iterations = 500

    @Option(help: "Runs of the growth stage.")
    var growthRuns = 2_000

    @Option(help: "Only this stage; can be repeated: \(Stage.allCases.map(\.rawValue).joined(separator: ", ")).")
    var stage: [Stage] = []

    @Option(help: "The policy to measure, by name or file.")
    var policy = "default"

    @Flag(help: "Print the result as JSON (orket.bench/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    package func validate() throws {
        if iterations < 10 { throw ValidationError("--iterations must be at least 10: fewer say nothing of a p99") }
        if growthRuns < 100 { throw ValidationError("--growth-runs must be at least 100") }
    }

    /// Measures and prints; ends with the exit code of the contract.
    package func run() async throws {
        let bench: Benchmark
        do throws(InvalidInput) {
            bench = try Benchmark(policy: try PolicyStore.locate().load(policy), iterations: iterations)
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        let stages = stage.isEmpty ? Stage.allCases : stage
        let (result, interrupted) = await Interrupt.watch { () async -> Result<BenchReport, any Error> in
            do { return .success(try await measure(bench, stages)) } catch { return .failure(error) }
        }
        switch result {
        case .success(let report): Console.result(json ? report.json.text + "\n" : report.text)
        case .failure(let error):
            Console.talk("orket: \(TerminalText.escape("\(error)"))\n")
            if !interrupted { throw ExitCode(Outcome.inconclusive.exitCode) }
        }
        if interrupted { throw ExitCode(Outcome.cancelled.exitCode) }
    }

    private func measure(_ bench: Benchmark, _ stages: [Stage]) async throws -> BenchReport {
        var report = BenchReport(policy: policy, machine: Machine.current)
        for stage in Stage.allCases where stages.contains(stage) {
            Console.talk("bench: \(stage.rawValue)\n")
            switch stage {
            case .latency: report.latency = try await bench.latency()
            case .idle: report.idle = try await bench.afterIdle(milliseconds: 200)
            case .throughput:
                for parallel in [1, 2, 8] { report.throughput.append(try await bench.throughput(parallel: parallel)) }
            case .peers: report.peers = try await bench.peers()
            case .memory: report.memory = try await bench.memory(pooled: 64)
            case .growth: report.growth = try await bench.growth(runs: growthRuns)
            }
            try Task.checkCancellation()
        }
        return report
    }
}
