package import OrketCore

/// One fixture with what became of its candidate.
package struct FixtureResult: Sendable {
    package let fixture: Fixture
    /// Of an attempt that decided: the last that passed, or the first that failed.
    package fileprivate(set) var result: VerificationResult
    package let attempts: Attempts
    /// Of everything that bounds what runs; see `FixtureVerifier.policyDigest`.
    package let policyDigest: String
    /// What the fixture's proof was worth; nil when none was required.
    package fileprivate(set) var proof: ProofState?

    /// The part of a report about this fixture.
    package var report: FixtureReport {
        var report = FixtureReport(
            id: fixture.id, location: SourceLocation(file: fixture.file), kind: fixture.kind,
            language: fixture.language.rawValue, candidate: fixture.candidate, outcome: result.verdict.outcome,
            reasons: result.verdict.reasons, assurance: result.assurance, cases: cases)
        report.attempts = attempts
        report.isolation = result.isolation
        report.digests.plans = result.planDigests
        report.digests.fixture = fixture.content.digest
        report.digests.candidate = fixture.candidateDigest
        report.digests.policy = policyDigest
        report.usage = result.usage
        report.timings = result.timings
        report.compilations = result.compilations
        report.diagnostic = result.diagnostic
        report.expectation = fixture.expect
        return report
    }

    private var cases: [CaseReport] {
        fixture.places.enumerated().map { index, item in
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
        let cases = places.map {
            CaseReport(
                id: $0.id, location: SourceLocation(file: file, line: $0.line), isHidden: $0.isHidden, outcome: nil)
        }
        var report = FixtureReport(
            id: id, location: SourceLocation(file: file), kind: kind, language: language.rawValue,
            candidate: candidate, outcome: outcome, reasons: [reason], assurance: assurance, cases: cases)
        report.expectation = expect
        return report
    }
}

/// Verifies fixtures of all kinds, side by side.
package struct FixtureVerifier: Sendable {
    let sandbox: any SandboxRunner
    let policies: ToolchainPolicies
    let drivers: Drivers
    let identity: FixtureIdentity
    private let verifier: Verifier
    private let functions: FunctionVerifier
    private let checks: CheckVerifier
    private let judges: JudgeVerifier
    private let suites: SuiteVerifier
    private let commands: CommandVerifier
    private let services: HTTPVerifier
    private let checkers: CheckerPool
    private let keeper: StreamKeeper?

    /// A fixture verifier for the languages of `policies`, with their `drivers`. `shutdown` ends what it keeps. With a
    /// `cache` nothing is compiled that was compiled before; a `keeper` puts streams and artefacts into the content store.
    package init(
        sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers, cache: CompileCache? = nil,
        keeper: StreamKeeper? = nil
    ) {
        self.keeper = keeper
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
        identity = FixtureIdentity(policies: policies, drivers: drivers)
        verifier = Verifier(sandbox: sandbox, policies: policies, cache: cache)
        functions = FunctionVerifier(sandbox: sandbox, policies: policies, drivers: drivers)
        judges = JudgeVerifier(sandbox: sandbox, policies: policies, cache: cache)
        suites = SuiteVerifier(sandbox: sandbox, policies: policies, drivers: drivers, cache: cache)
        commands = CommandVerifier(sandbox: sandbox, policies: policies, cache: cache)
        services = HTTPVerifier(sandbox: sandbox, policies: policies, drivers: drivers, cache: cache)
        checkers = CheckerPool(sandbox: sandbox, policies: policies, drivers: drivers)
        checks = CheckVerifier(sandbox: sandbox, policies: policies, drivers: drivers, checkers: checkers)
    }

    /// Ends the sandboxes that wait for more checks.
    package func shutdown() async { await checkers.shutdown() }

    /// The results in the order of `fixtures`; `jobs` run at a time, and `done` is told each as it ends. With `provenBy`, only
    /// those run that have a valid proof of this version of the verifier.
    package func verify(
        _ fixtures: [Fixture], jobs: Int, provenBy version: String? = nil,
        done: @escaping @Sendable (FixtureResult) -> Void = { _ in }
    ) async -> [FixtureResult] {
        await withTaskGroup(of: (Int, FixtureResult).self) { group in
            var results = [FixtureResult?](repeating: nil, count: fixtures.count)
            var next = 0
            func start() {
                guard next < fixtures.count else { return }
                let (index, fixture) = (next, fixtures[next])
                next += 1
                group.addTask {
                    guard let version else { return (index, await verify(fixture)) }
                    let state = proofState(of: fixture, version: version)
                    var result = state == .valid ? await verify(fixture) : unproven(fixture, state)
                    result.proof = state
                    return (index, result)
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

    /// All attempts of one fixture. The declared number decides, not the first that suits.
    package func verify(_ fixture: Fixture) async -> FixtureResult {
        if let refusal = fixture.refusal { return unrun(fixture, refusal) }
        var ended = await decide(fixture)
        if let keeper { ended.result = await keeper.keep(ended.result) }
        return ended
    }

    private func decide(_ fixture: Fixture) async -> FixtureResult {
        let repetition = fixture.repetition
        var passed = 0
        func ended(_ result: VerificationResult) -> FixtureResult {
            let attempts = Attempts(required: repetition.passes, planned: repetition.runs, passed: passed)
            return FixtureResult(
                fixture: fixture, result: result, attempts: attempts, policyDigest: policyDigest(of: fixture))
        }
        var (success, failure) = (VerificationResult?.none, VerificationResult?.none)
        for _ in 1...repetition.runs {
            let result = await attempt(fixture)
            switch result.verdict.outcome {
            case .passed: (passed, success) = (passed + 1, result)
            case .failed: failure = failure ?? result
            // Tampering, and what we cannot tell, is not outvoted.
            case .rejected, .inconclusive, .cancelled: return ended(result)
            }
        }
        if let success, passed >= repetition.passes { return ended(success) }
        guard var failure else { preconditionFailure("\(repetition.runs) attempts, \(passed) passed, none failed") }
        if passed > 0 {
            let sentence = "\(passed) of \(repetition.runs) attempts passed, \(repetition.passes) are needed"
            failure.verdict = Verdict(.failed, failure.verdict.reasons + [Reason(.nondeterministic, sentence)])
        }
        return ended(failure)
    }

    private func attempt(_ fixture: Fixture) async -> VerificationResult {
        switch fixture.body {
        case .cli(let cli): await verifier.verify(cli.verification(of: fixture))
        case .function(let function): await functions.verify(fixture, function)
        case .http(let http): await services.verify(fixture, http)
        case .command(let command): await commands.verify(fixture, command)
        case .judge(let judge): await judges.verify(fixture, judge)
        case .check(let check): await checks.verify(fixture, check)
        case .suite(let suite): await suites.verify(fixture, suite)
        }
    }
}
