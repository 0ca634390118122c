package import ArgumentParser
import OrketCore
import OrketReports
import OrketSandbox
import OrketVerify

/// `orket verify`: judges candidates against fixtures, or the records of a corpus.
package struct VerifyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge programs in the sandbox: fixtures, or the records of a corpus.",
        discussion: """
            Exit status: 0 passed, 1 failed (for a corpus: something disagrees with its expectation), 2 bad usage or \
            input and nothing was started, 3 inconclusive, 4 rejected, 130 interrupted.
            """)

    @Argument(help: "Fixture directories, directories with fixtures below them, or fixture files.")
    var paths: [String] = []

    @Option(help: "Verify the records of this JSON-lines file, plain or gzip.")
    var corpus: String?

    @Option(
        help: ArgumentHelp(
            "Judge this in place of the fixtures' own: a file, directory, archive (.tar, .tar.gz, .tgz, .zip), git:REPO@REV.",
            valueName: "path"))
    var candidate: String?

    @Option(help: "Format of the report. A corpus is always jsonl.")
    var format: ReportFormat?

    @Option(help: "Write the report to this file, whole or not at all. For a corpus it is only ever appended to.")
    var output: String?

    @Option(help: "Write one more report, such as junit=report.xml. May be given several times.")
    var report: [ReportOutput] = []

    @Option(
        help:
            "Verifications at a time. Default: one for each processor; one more for fixtures, whose parts wait for each other."
    )
    var jobs: Int?

    @Flag(help: "Go on where an earlier run with the same --output stopped.")
    var resume = false

    @Option(help: "Verify only so many records of the corpus, spread evenly over it.")
    var sample: Int?

    @Flag(help: "Corpus: print the summary as JSON, on stdout when --output is given, else on stderr.")
    var json = false

    @Flag(help: "Exit 0 exactly when every fixture shows the outcome and reason that its 'expect' names.")
    var checkExpectations = false

    @Flag(help: "Run only fixtures with a valid proof that they can fail; the others are inconclusive.")
    var requireProof = false

    @Flag(help: "Show what was read back from the kernel about each sandbox.")
    var showIsolation = false

    @Flag(
        inversion: .prefixedNo,
        help: "Keep an evidence record and a signed receipt of each fixture; see orket evidence.")
    var evidence = true

    @Option(help: "Write the receipts to this directory as well, FIXTURE.intoto.jsonl each.")
    var receipts: String?

    @Flag(help: "Take a recorded verdict about the very same content instead of a run, and say so.")
    var cached = false

    @Flag(help: "Compile and run everything anew, whatever is kept.")
    var fresh = false

    /// Made by the argument parser.
    package init() {}

    /// Refuses combinations of options that mean nothing.
    package func validate() throws {
        if corpus == nil && paths.isEmpty { throw ValidationError("name fixtures, or a corpus by --corpus FILE") }
        if corpus != nil && !paths.isEmpty { throw ValidationError("either fixtures or --corpus, not both") }
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must be from 1 to 1024") }
        if let sample, sample < 1 { throw ValidationError("--sample must be at least 1") }
        if cached && fresh { throw ValidationError("either --cached or --fresh, not both") }
        if cached && !evidence {
            throw ValidationError("--cached takes verdicts from the evidence: leave --no-evidence out")
        }
        if !evidence && receipts != nil { throw ValidationError("--receipts are of evidence: leave --no-evidence out") }
        if corpus == nil {
            if resume || json || sample != nil { throw ValidationError("--resume, --json and --sample need --corpus") }
        } else {
            let isOfFixtures =
                candidate != nil || cached || receipts != nil || checkExpectations || requireProof || showIsolation
            if isOfFixtures || !report.isEmpty {
                throw ValidationError(
                    "--candidate, --report, --receipts, --cached, --check-expectations, --require-proof and --show-isolation are "
                        + "for fixtures")
            }
            if format != nil && format != .jsonl { throw ValidationError("the format of a corpus run is jsonl") }
            if resume && output == nil { throw ValidationError("--resume needs --output FILE") }
        }
    }

    /// Verifies; ends with the exit code of the contract.
    package func run() async throws {
        let status: Int32
        do {
            status = try await corpus == nil ? fixtures() : records(corpus ?? "")
        } catch let error as InvalidInput {
            Console.report(error)
            throw ExitCode(2)
        } catch let error as EvidenceFailure {
            Console.talk(
                "orket: \(TerminalText.escape(error.reason))\norket: hint: \(TerminalText.escape(error.hint))\n")
            throw ExitCode(Outcome.inconclusive.exitCode)
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func records(_ file: String) async throws(InvalidInput) -> Int32 {
        let session = try CorpusSession(
            corpus: file, output: output, resume: resume, sample: sample, jobs: jobs ?? Console.processorCount)
        return try await session.run(summaryAsJSON: json)
    }

    private func fixtures() async throws -> Int32 {
        let session = try await FixtureSession(
            paths: paths, candidate: candidate, outputs: [ReportOutput(format ?? .table, file: output)] + report,
            showIsolation: showIsolation)
        let options = CandidateVerification.Options(
            jobs: jobs ?? Console.processorCount + 1, requiresProof: requireProof, compilesAnew: fresh,
            evidence: evidence ? .kept(receipts: receipts, reused: cached) : .none)
        return try await session.run(options, checkingExpectations: checkExpectations)
    }
}
