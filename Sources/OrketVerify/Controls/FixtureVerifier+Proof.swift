import OrketCore

extension FixtureVerifier {
    /// See `FixtureIdentity`.
    package func policyDigest(of fixture: Fixture) -> String { identity.policyDigest(of: fixture) }

    /// What a proof of `fixture` must be about to be one.
    package func facts(of fixture: Fixture, version: String) -> ProofFacts {
        identity.facts(of: fixture, version: version)
    }

    /// What the proof beside `fixture` is worth to this version of the verifier.
    package func proofState(of fixture: Fixture, version: String) -> ProofState {
        identity.proofState(of: fixture, version: version)
    }

    /// The result of a fixture that was not run, because nothing shows that it can fail.
    func unproven(_ fixture: Fixture, _ state: ProofState) -> FixtureResult {
        let sentence = "\(state.sentence): run orket fixture prove \(fixture.file.jsonEscaped)"
        return unrun(fixture, Verdict(.inconclusive, [Reason(.unprovenFixture, sentence)]))
    }

    /// The result of a fixture whose verdict stands before anything runs.
    func unrun(_ fixture: Fixture, _ verdict: Verdict) -> FixtureResult {
        let result = VerificationResult(
            verdict: verdict, trials: [], assurance: fixture.assurance, usage: Usage(),
            timings: VerificationTimings(compileMs: 0, runMs: 0, totalMs: 0), isolation: Isolation(), planDigests: [],
            diagnostic: nil)
        let attempts = Attempts(
            required: fixture.repetition.passes, planned: fixture.repetition.runs, passed: 0)
        return FixtureResult(
            fixture: fixture, result: result, attempts: attempts, policyDigest: policyDigest(of: fixture))
    }
}
