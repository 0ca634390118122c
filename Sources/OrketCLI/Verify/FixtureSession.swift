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
    private let evidence: EvidenceChoice

    /// Whether verdicts are kept.
    enum EvidenceChoice: Sendable {
        case none
        /// Records in the store, and receipts as files in this directory when one is named. `reused`: what was recorded about
        /// the very same content is taken instead of a run.
        case kept(receipts: String?, reused: Bool)
    }

    /// Reads and checks all fixtures and the places of all reports. Throws all findings of all of them; nothing has been
    /// started then.
    init(
        paths: [String], candidate: String?, jobs: Int, outputs: [ReportOutput], showIsolation: Bool,
        evidence: EvidenceChoice
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
        self.evidence = evidence
    }

    /// Verifies, keeps the evidence and writes the reports; with `requiringProof` only fixtures that are proven are run. Returns
    /// the exit code: 3 when something could not be written.
    func run(checkingExpectations: Bool, requiringProof: Bool) async throws(InvalidInput) -> Int32 {
        let (fixtures, jobs) = (fixtures, jobs)
        let box = ResultBox()
        let (clock, startedAt) = (ContinuousClock(), UTCTime.now)
        let start = clock.now
        let languages = Set(fixtures.flatMap(\.languages))
        var (recorder, isReusing) = (VerdictRecorder?.none, false)
        if case .kept(let receipts, let reused) = evidence {
            isReusing = reused
            do throws(EvidenceFailure) {
                recorder = try await VerdictRecorder(languages: languages, receipts: receipts)
            } catch {
                Self.report(error)
                return Outcome.inconclusive.exitCode
            }
        }
        let (keeper, takesKnown) = (recorder, isReusing)
        let status = try await SandboxSession.verify(languages) { parts in
            let verifier = parts.fixtureVerifier
            do throws(EvidenceFailure) {
                let known = takesKnown ? try await keeper?.known(fixtures, verifier) ?? [:] : [:]
                let results = await verifier.verify(
                    fixtures.filter { known[$0.id] == nil }, jobs: jobs,
                    provenBy: requiringProof ? Version.current : nil)
                await verifier.shutdown()
                box.store(fixtures, known, results)
                _ = try await keeper?.record(results, policies: parts.policies, at: startedAt)
                return .success(0)
            } catch {
                Self.report(error)
                return .success(Outcome.inconclusive.exitCode)
            }
        }
        // Without a sandbox nothing is known, and the reports say so: one of an earlier run must not stand for this one.
        let outcome = status == Outcome.cancelled.exitCode ? Outcome.cancelled : .inconclusive
        let results = box.reports.isEmpty ? fixtures.map { $0.unverified(outcome) } : box.reports
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

    /// Carries the results out of the supervisor's session.
    private final class ResultBox: Sendable {
        private let stored = Mutex<[FixtureReport]>([])

        var reports: [FixtureReport] { stored.withLock { $0 } }

        /// In the order of `fixtures`: what was known, and what was found out.
        func store(_ fixtures: [Fixture], _ known: [String: FixtureReport], _ results: [FixtureResult]) {
            let found = Dictionary(uniqueKeysWithValues: results.map { ($0.fixture.id, $0.report) })
            stored.withLock { $0 = fixtures.compactMap { known[$0.id] ?? found[$0.id] } }
        }
    }
}
