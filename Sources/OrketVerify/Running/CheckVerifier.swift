import OrketCore
import OrketSandbox

/// Judges a fixture of kind `check`: the checker runs in one sandbox, the candidate in another, and every call goes through
/// here, where it is checked to be plain data and nothing more. Neither side can see or reach the other.
struct CheckVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let drivers: Drivers
    private let checkers: CheckerPool

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers, checkers: CheckerPool) {
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
        self.checkers = checkers
    }

    func verify(_ fixture: Fixture, _ body: CheckBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        let policy = policies.run(fixture.language, limits: fixture.limits)
        guard let (prepared, argv) = drivers.prepare(fixture.language, policy) else {
            preconditionFailure("no driver for \(fixture.language)")
        }
        var tally = Tally(fixture)
        let candidate: DriverSession
        do {
            candidate = try DriverSession(sandbox, argv: argv, policy: prepared, files: [fixture.source])
        } catch {
            let verdict = Verdict(.inconclusive, [Reason(.hostResource, error.message)])
            return tally.result(verdict, total: clock.now - start)
        }
        // Both start at once; the candidate is asked for nothing before its checker stands.
        async let checker = checkers.take(fixture.language)
        let begun = await candidate.begin(
            .object([
                .init("mode", .string("serve")), .init("file", .string("/box/" + fixture.source.path)),
                .init("module", .string(body.module)),
            ]))
        let conclusion: CheckRules.Conclusion
        switch (await checker, begun) {
        case (.failure(let result), _): conclusion = .checkerLost(result)
        case (.success(let session), .failure):
            conclusion = .candidateNeverStood
            await checkers.giveBack(session, fixture.language, isUsable: true)
        case (.success(let session), .success):
            tally.saw(session.sandbox.map { SandboxSeen(.checker, plan: $0.plan, isolation: $0.isolation) })
            var link = CheckLink(checker: session, candidate: candidate, endMs: policy.limits.wallMs)
            conclusion = await link.run(body)
            await checkers.giveBack(session, fixture.language, isUsable: link.isCheckerFree)
        }
        let run = await candidate.end(cancelling: conclusion.endsCandidate)
        tally.ran(run)
        let verdict = CheckRules.verdict(conclusion, candidate: run, wallMs: policy.limits.wallMs)
        tally.add(body.isHidden ? verdict.redacted : verdict)
        return tally.result(nil, total: clock.now - start)
    }
}
