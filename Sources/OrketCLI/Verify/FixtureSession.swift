import Glibc
import OrketCore
import OrketReports
import OrketVerify

/// One run of `orket verify PATH...`, from the files to the exit code.
struct FixtureSession {
    private let fixtures: [Fixture]
    private let candidate: ImportedCandidate?
    private let outputs: [ReportOutput]
    private let showIsolation: Bool

    /// Reads and checks all fixtures and the places of all reports, and imports the candidate. Throws all findings of all of
    /// them, and `EvidenceFailure` where there is no place for the candidate; nothing has been started then.
    init(paths: [String], candidate: String?, outputs: [ReportOutput], showIsolation: Bool) async throws {
        var findings = ReportOutput.findings(outputs)
        var (fixtures, imported) = ([Fixture](), ImportedCandidate?.none)
        do throws(InvalidInput) {
            fixtures = try FixtureReading.read(paths, source: candidate == nil ? .required : .none)
        } catch {
            findings += error.findings
        }
        do {
            if let candidate { imported = try await CandidateImport.run(candidate) }
        } catch let error as InvalidInput {
            findings += error.findings
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        self.fixtures = fixtures
        self.candidate = imported
        self.outputs = outputs
        self.showIsolation = showIsolation
    }

    /// Verifies, keeps the evidence and writes the reports. Returns the exit code: 3 when something could not be written.
    func run(_ options: CandidateVerification.Options, checkingExpectations: Bool) async throws -> Int32 {
        let (clock, startedAt) = (ContinuousClock(), UTCTime.now)
        let start = clock.now
        for note in candidate?.snapshot.notes ?? [] {
            Console.talk("orket: candidate: \(TerminalText.escape(note))\n")
        }
        let ended =
            if let candidate {
                try await CandidateVerification(fixtures, judging: candidate, options).run()
            } else {
                try await CandidateVerification(fixtures, options).run()
            }
        if let failure = ended.failure { Self.report(failure) }
        if let problem = ended.compileProblem {
            Console.talk("orket: what was compiled is not kept for later: \(TerminalText.escape(problem))\n")
        }
        let report = VerificationReport(
            version: Version.current, host: Self.hostName, startedAt: startedAt,
            durationMs: (clock.now - start) / .milliseconds(1), fixtures: ended.reports)
        // Evidence that cannot be kept stops everything before it starts: there is nothing to report.
        if ended.failure != nil && !ended.hasStarted { return ended.status }
        var isWritten = true
        for output in outputs {
            let more = showIsolation && output.format == .table ? "\n" + FixtureTable.isolation(report) : ""
            if !output.write(report, more: more) { isWritten = false }
        }
        if outputs.contains(where: { $0.format == .github }), !StepSummary.append(report) { isWritten = false }
        if checkingExpectations { Console.talk(FixtureTable.expectations(report)) }
        if ended.status != 0 { return ended.status }
        return isWritten
            ? report.exitCode(checkingExpectations: checkingExpectations) : Outcome.inconclusive.exitCode
    }

    private static func report(_ failure: EvidenceFailure) {
        Console.talk(
            "orket: the evidence was not kept: \(TerminalText.escape(failure.reason))\norket: hint: "
                + "\(TerminalText.escape(failure.hint)); or verify with --no-evidence\n")
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
