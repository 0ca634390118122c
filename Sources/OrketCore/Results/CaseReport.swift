/// What became of one case of a fixture.
///
/// A hidden case is redacted here, when the value is made, so that no report can show what it must not: besides its id,
/// place, outcome, reason codes and attempts nothing is kept. Figures and exit status go as well, since a candidate
/// chooses them and could write into them what it read.
package struct CaseReport: Sendable, Hashable {
    package let id: String
    package let location: SourceLocation
    package let isHidden: Bool
    /// Nil when the case was not run, because what came before it decided. That is never a pass.
    package let outcome: Outcome?
    /// By precedence, the primary reason first; empty when passed or not run.
    package let reasons: [Reason]
    package let attempts: Attempts
    /// Nil when hidden or not run.
    package let usage: Usage?
    package let exit: ExitStatus?
    /// What should have come and what came, around the first difference: stdout, or a value as text. Nil unless they were
    /// compared and differ.
    package let expected: Excerpt?
    package let actual: Excerpt?
    /// The end of stderr of a run that did not pass. Never evidence.
    package let stderr: Excerpt?

    /// A case as described by its fields, without what a hidden one must not tell.
    package init(
        id: String, location: SourceLocation, isHidden: Bool = false, outcome: Outcome?, reasons: [Reason] = [],
        attempts: Attempts? = nil, usage: Usage? = nil, exit: ExitStatus? = nil, expected: Excerpt? = nil,
        actual: Excerpt? = nil, stderr: Excerpt? = nil
    ) {
        self.id = id
        self.location = location
        self.isHidden = isHidden
        self.outcome = outcome
        self.reasons = isHidden ? reasons.map { $0.redacted(of: "") } : reasons
        self.attempts = attempts ?? Attempts(passed: outcome == .passed ? 1 : 0)
        self.usage = isHidden ? nil : usage
        self.exit = isHidden ? nil : exit
        self.expected = isHidden ? nil : expected
        self.actual = isHidden ? nil : actual
        self.stderr = isHidden ? nil : stderr
    }
}

extension Reason {
    /// The same code and source with a sentence that tells nothing of a hidden case. `place` goes before it, such as
    /// `case small: `.
    package func redacted(of place: String) -> Reason {
        Reason(code, source: source, place + "a hidden case did not pass")
    }
}
