import OrketCore

/// Looks for what only a run shows: a reference that fails, and one that is not the same twice.
package enum ReferenceLint {
    /// Findings about two runs of the reference of `fixture`; none when it has no controls, or when our side failed.
    package static func findings(
        _ fixture: Fixture, text: String, _ verifier: FixtureVerifier
    ) async -> [LintFinding] {
        guard let controls = fixture.controls else { return [] }
        var judged = fixture.judging(controls.reference)
        judged.repetition = Fixture.Repetition()
        let first = await verifier.verify(judged).result
        let second = await verifier.verify(judged).result
        return compare(fixture, text: text, first, second)
    }

    static func compare(
        _ fixture: Fixture, text: String, _ first: VerificationResult, _ second: VerificationResult
    ) -> [LintFinding] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = fixture.controls?.line ?? 1
        func finding(_ rule: LintFinding.Rule, line: Int, _ message: String) -> LintFinding {
            FixtureLint.finding(rule, fixture, lines: lines, line: line, message)
        }
        let pairs = zip(zip(first.trials, second.trials), fixture.places)
        var findings = pairs.compactMap { trials, place in
            trials.0.verdict.outcome == trials.1.verdict.outcome
                && trials.0.verdict.reasons == trials.1.verdict.reasons && trials.0.actual == trials.1.actual
                ? nil
                : finding(
                    .nondeterministic, line: place.line, "case \(place.id) of the reference differs between two runs")
        }
        if findings.isEmpty, first.verdict.outcome != second.verdict.outcome {
            findings.append(finding(.nondeterministic, line: line, "the reference differs between two runs"))
        }
        if findings.isEmpty, first.verdict.outcome != .passed {
            let because = first.verdict.reasons.first.map { ": \($0.code.rawValue), \($0.detail)" } ?? ""
            findings.append(
                finding(.referenceFails, line: line, "the reference is \(first.verdict.outcome.rawValue)\(because)"))
        }
        return findings
    }
}
