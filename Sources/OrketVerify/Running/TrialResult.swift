package import OrketCore

/// What became of one trial, without the bulk of its streams. Of a hidden one only the redacted verdict is kept.
package struct TrialResult: Sendable {
    package let verdict: Verdict
    package let usage: Usage
    package let exit: ExitStatus?
    /// Both sides around the first difference; nil unless stdout was compared and differs.
    package let expected: Excerpt?
    package let actual: Excerpt?
    /// The end of stderr; nil when passed.
    package let stderr: Excerpt?
    /// What its run wrote; none of a hidden one.
    package var streams: [SeenStream] = []

    /// A result as described by its fields.
    init(verdict: Verdict, usage: Usage, exit: ExitStatus?, expected: Excerpt?, actual: Excerpt?, stderr: Excerpt?) {
        self.verdict = verdict
        self.usage = usage
        self.exit = exit
        self.expected = expected
        self.actual = actual
        self.stderr = stderr
    }

    /// The result of `trial`; excerpts only when `keepsExcerpts`.
    init(_ trial: Trial, _ result: RunResult, keepsExcerpts: Bool) {
        verdict = VerdictRules.trialVerdict(trial, result)
        usage = result.usage
        exit = result.exit
        if !trial.isHidden { streams = SeenStream.all(of: result, step: "run") }
        guard keepsExcerpts, !trial.isHidden, verdict.outcome != .passed else {
            (expected, actual, stderr) = (nil, nil, nil)
            return
        }
        stderr = Excerpt(endOf: result.stderr)
        let isCompared = verdict.reasons.contains { $0.code == .wrongOutput }
        let pair = trial.expectedStdout.flatMap { wanted in
            isCompared ? OutputComparer.excerpts(expected: wanted, actual: result.stdout) : nil
        }
        (expected, actual) = (pair?.expected, pair?.actual)
    }
}
