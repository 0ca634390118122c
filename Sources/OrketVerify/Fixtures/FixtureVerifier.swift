package import OrketCore

/// One fixture with what became of its candidate.
package struct FixtureResult: Sendable {
    package let fixture: Fixture
    package let result: VerificationResult

    /// The part of a report about this fixture.
    package var report: FixtureReport {
        var report = FixtureReport(
            id: fixture.id, location: SourceLocation(file: fixture.file), kind: "cli",
            language: fixture.language.rawValue, candidate: fixture.candidate, outcome: result.verdict.outcome,
            reasons: result.verdict.reasons, assurance: result.assurance, cases: cases)
        report.isolation = result.isolation
        report.digests.plans = result.planDigests
        report.usage = result.usage
        report.timings = result.timings
        report.diagnostic = result.diagnostic
        report.expectation = fixture.expect
        return report
    }

    private var cases: [CaseReport] {
        fixture.cases.enumerated().map { index, item in
            let location = SourceLocation(file: fixture.file, line: item.line)
            guard index < result.trials.count else {
                return CaseReport(id: item.id, location: location, isHidden: item.isHidden, outcome: nil)
            }
            let trial = result.trials[index]
            return CaseReport(
                id: item.id, location: location, isHidden: item.isHidden, outcome: trial.verdict.outcome,
                reasons: trial.verdict.reasons, usage: trial.usage, exit: trial.exit, expected: trial.expected,
                actual: trial.actual, stderr: trial.stderr)
        }
    }
}

extension Fixture {
    /// The part of a report about a fixture for which no sandbox could be had.
    package func unverified(_ outcome: Outcome) -> FixtureReport {
        let reason =
            outcome == .cancelled
            ? Reason(.cancelled, "the run was cancelled") : Reason(.sandboxSetupFailed, "no sandbox could be started")
        let cases = cases.map {
            CaseReport(
                id: $0.id, location: SourceLocation(file: file, line: $0.line), isHidden: $0.isHidden, outcome: nil)
        }
        var report = FixtureReport(
            id: id, location: SourceLocation(file: file), kind: "cli", language: language.rawValue,
            candidate: candidate, outcome: outcome, reasons: [reason], assurance: .blackbox, cases: cases)
        report.expectation = expect
        return report
    }
}

/// Verifies fixtures side by side.
package struct FixtureVerifier: Sendable {
    private let verifier: Verifier

    /// A fixture verifier over `verifier`, which must know the languages of all fixtures.
    package init(_ verifier: Verifier) { self.verifier = verifier }

    /// The results in the order of `fixtures`; `jobs` run at a time, and `done` is told each as it ends.
    package func verify(
        _ fixtures: [Fixture], jobs: Int, done: @escaping @Sendable (FixtureResult) -> Void = { _ in }
    ) async -> [FixtureResult] {
        await withTaskGroup(of: (Int, FixtureResult).self) { group in
            var results = [FixtureResult?](repeating: nil, count: fixtures.count)
            var next = 0
            func start() {
                guard next < fixtures.count else { return }
                let (index, fixture) = (next, fixtures[next])
                next += 1
                group.addTask {
                    (index, FixtureResult(fixture: fixture, result: await verifier.verify(fixture.verification)))
                }
            }
            for _ in 0..<max(1, jobs) { start() }
            for await (index, result) in group {
                results[index] = result
                done(result)
                start()
            }
            return results.compactMap { $0 }
        }
    }
}
