import OrketCore
import OrketSystem
import OrketVerify

/// Measures verdicts. Each stage runs whole commands, as a user would, so start and end are on its account.
struct VerifyBenchmark: Sendable {
    let rounds: Int
    let jobs: Int?
    let place: BenchPlace

    init(rounds: Int, jobs: Int?) throws(SystemError) {
        self.rounds = rounds
        self.jobs = jobs
        place = try BenchPlace()
    }

    /// `arguments` of this program as a command that keeps nothing.
    func command(_ arguments: [String]) -> [String] {
        let own = Files.readLink("/proc/self/exe") ?? "orket"
        let environment = ["HOME", "PATH", "ORKET_POLICIES", "ORKET_JAIL"].compactMap { name in
            Process.environment(name).map { "\(name)=\($0)" }
        }
        let jobs = jobs.map { ["--jobs", "\($0)"] } ?? []
        return ["/usr/bin/env", "-i"] + environment + [own] + arguments + jobs
    }

    /// One run of a whole command.
    static func time(_ name: String, _ command: [String], into series: inout Benchmark.Series) async throws {
        guard let bare = BareProgram.locate() else { throw BenchmarkError("orket-bare is not beside orket") }
        let sample = try await Blocking.run { () -> Result<BareProgram.Sample, SystemError> in
            do throws(SystemError) {
                let program = try BareProgram(path: bare, command: command)
                defer { program.stop() }
                guard let sample = program.run(1) else { return .failure(SystemError("run", name, errno: 0)) }
                return .success(sample)
            } catch {
                return .failure(error)
            }
        }.mapError { _ in BenchmarkError("\(name) did not pass: \(command.joined(separator: " "))") }.get()
        series.milliseconds += sample.milliseconds
        series.cpuMs = (series.cpuMs ?? 0) + sample.cpuMs
        try Task.checkCancellation()
    }

    /// One fixture of so many function cases, in Python.
    func functionCases(_ count: Int) async throws -> Benchmark.Series {
        let directory = place.path + "/cases"
        try FixtureWriter.write([("", BenchFixtures.functionCases(count))], to: directory)
        var series = Benchmark.Series(name: "\(count) function cases")
        for _ in 0..<rounds {
            try await Self.time("the fixture", verifyCommand(directory), into: &series)
        }
        return series
    }

    /// A corpus, whole; a verdict that differs from the recorded one ends the benchmark.
    func corpus(_ file: String) async throws -> Benchmark.Series {
        var series = Benchmark.Series(name: "corpus")
        for round in 0..<rounds {
            let output = "\(place.path)/corpus-\(round).jsonl"
            try await Self.time(
                "the corpus", command(["verify", "--corpus", file, "--output", output]), into: &series)
        }
        return series
    }

    func verifyCommand(_ directory: String) -> [String] {
        command([
            "verify", directory, "--no-evidence", "--format", "json", "--output", place.path + "/report.json",
        ])
    }
}
