import Glibc
import OrketCore
import OrketReports
import OrketVerify
import Synchronization

/// One run of `orket verify PATH...`, from the files to the exit code.
struct FixtureSession {
    private let fixtures: [Fixture]
    private let jobs: Int
    private let outputs: [ReportOutput]
    private let showIsolation: Bool

    /// Reads and checks all fixtures and the places of all reports. Throws all findings of all of them; nothing has been
    /// started then.
    init(
        paths: [String], candidate: String?, jobs: Int, outputs: [ReportOutput], showIsolation: Bool
    ) throws(InvalidInput) {
        var findings = ReportOutput.findings(outputs)
        var fixtures: [Fixture] = []
        do throws(InvalidInput) {
            fixtures = try FixtureReading.read(paths, candidate: candidate)
        } catch {
            findings += error.findings
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        self.fixtures = fixtures
        self.jobs = jobs
        self.outputs = outputs
        self.showIsolation = showIsolation
    }

    /// Verifies and writes the reports; with `requiringProof` only fixtures that are proven are run. Returns the exit code: 3 when
    /// a report could not be written.
    func run(checkingExpectations: Bool, requiringProof: Bool) async throws(InvalidInput) -> Int32 {
        let (fixtures, jobs) = (fixtures, jobs)
        let box = ResultBox()
        let (clock, startedAt) = (ContinuousClock(), UTCTime.now)
        let start = clock.now
        let status = try await SandboxSession.verify(Set(fixtures.flatMap(\.languages))) { parts in
            let verifier = parts.fixtureVerifier
            box.store(
                await verifier.verify(fixtures, jobs: jobs, provenBy: requiringProof ? Version.current : nil))
            await verifier.shutdown()
            return .success(0)
        }
        // Without a sandbox nothing is known, and the reports say so: one of an earlier run must not stand for this one.
        let outcome = status == Outcome.cancelled.exitCode ? Outcome.cancelled : .inconclusive
        let results = box.results.isEmpty ? fixtures.map { $0.unverified(outcome) } : box.results.map(\.report)
        let report = VerificationReport(
            version: Version.current, host: Self.hostName, startedAt: startedAt,
            durationMs: (clock.now - start) / .milliseconds(1), fixtures: results)
        var isWritten = true
        for output in outputs {
            let more = showIsolation && output.format == .table ? "\n" + FixtureTable.isolation(report) : ""
            if !output.write(report, more: more) { isWritten = false }
        }
        if outputs.contains(where: { $0.format == .github }), !StepSummary.append(report) { isWritten = false }
        if checkingExpectations { Console.talk(FixtureTable.expectations(report)) }
        if status != 0 { return status }
        return isWritten
            ? report.exitCode(checkingExpectations: checkingExpectations) : Outcome.inconclusive.exitCode
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Carries the results out of the supervisor's session.
    private final class ResultBox: Sendable {
        private let stored = Mutex<[FixtureResult]>([])

        var results: [FixtureResult] { stored.withLock { $0 } }

        func store(_ results: [FixtureResult]) { stored.withLock { $0 = results } }
    }
}
