package import OrketCore

/// Shows that fixtures can be passed and can fail: runs their controls and the mutants of their references.
package struct Prover: Sendable {
    private let verifier: FixtureVerifier
    private let version: String

    /// CPU time of a mutant: so many times that of the reference, but at least so many milliseconds. One that loops need not use
    /// up all that a candidate may; real time stays as it is, since it is the host's business.
    private static let (cpuFactor, leastCPU): (Double, UInt64) = (10, 1_000)

    /// A prover that judges with `verifier`, of the program's `version`.
    package init(_ verifier: FixtureVerifier, version: String) {
        self.verifier = verifier
        self.version = version
    }

    /// The proof of `fixture`, whatever it shows, with `jobs` runs at a time. `maximumMutants` replaces the fixture's own; 0 runs
    /// none. Mutants are run only once all controls did what they must.
    package func prove(_ fixture: Fixture, jobs: Int, maximumMutants: Int? = nil, now: UTCTime) async -> Proof {
        let rules = fixture.controls?.mutants ?? MutantRules()
        var proof = Proof(
            facts: verifier.facts(of: fixture, version: version), kind: fixture.kind,
            language: fixture.language.rawValue, provedAt: now, controls: [], mutants: nil,
            minimumScore: rules.minimumScore)
        guard let controls = fixture.controls else { return proof }
        let runs = await verifier.verify(
            controls.all.map { fixture.judging($0.file) }, jobs: jobs)
        proof.controls = zip(controls.all, runs).map { control, run in
            ControlResult(
                kind: control.kind, path: control.file.path, digest: run.fixture.candidateDigest,
                outcome: run.result.verdict.outcome, reasons: run.result.verdict.reasons)
        }
        let maximum = maximumMutants ?? rules.maximum
        guard proof.controls.allSatisfy({ $0.problem == nil }), Drivers.mutates(fixture.language),
            maximum > 0 || rules.minimumScore != nil
        else { return proof }
        let limited = Self.limited(fixture, reference: runs[0].result, policy: verifier.policies)
        proof.mutants = await mutants(of: controls.reference, limited, rules, maximum: maximum, jobs: jobs)
        return proof
    }

    private func mutants(
        of reference: ControlFile, _ fixture: Fixture, _ rules: MutantRules, maximum: Int, jobs: Int
    ) async -> MutantReport {
        let maker = MutantMaker(sandbox: verifier.sandbox, policies: verifier.policies, drivers: verifier.drivers)
        var all: [Mutant] = []
        var into: String?
        if case .suite(let suite) = fixture.body { into = suite.into }
        do throws(MutantMaker.Problem) {
            for source in reference.sources(fixture.language, outside: into) {
                all += try await maker.mutants(of: source.bytes, fixture.language).map { $0.within(source.path) }
            }
        } catch {
            return MutantReport(generated: 0, results: [], failure: error.sentence)
        }
        let chosen = Mutant.sample(all, maximum: maximum)
        let runs = await verifier.verify(
            chosen.map { fixture.judging(reference.mutated(by: $0)) }, jobs: jobs)
        let results = zip(chosen, runs).map { mutant, run in
            let verdict = run.result.verdict
            return MutantResult(
                mutant: mutant, isEquivalent: rules.equivalent.contains(mutant.id), outcome: verdict.outcome,
                reason: verdict.reasons.first?.code, detail: verdict.reasons.first?.detail ?? "")
        }
        let ids = Set(all.map(\.id))
        return MutantReport(
            generated: all.count, results: results, unknownEquivalents: rules.equivalent.filter { !ids.contains($0) },
            isReduced: rules.minimumScore != nil && chosen.count < min(all.count, rules.maximum))
    }

    private static func limited(
        _ fixture: Fixture, reference: VerificationResult, policy: ToolchainPolicies
    ) -> Fixture {
        var fixture = fixture
        let own = policy.run(fixture.language, limits: fixture.limits).limits.cpuMs
        let used = max(reference.trials.map(\.usage.cpuMs).max() ?? 0, 0)
        fixture.limits[.cpu] = min(own, max(leastCPU, UInt64(used * cpuFactor)))
        return fixture
    }
}
