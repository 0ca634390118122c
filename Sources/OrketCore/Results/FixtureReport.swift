/// What became of one fixture: the unit of every report.
package struct FixtureReport: Sendable {
    package var id: String
    package var location: SourceLocation
    /// Such as `cli`.
    package var kind: String
    /// Nil for kinds that have none.
    package var language: String?
    /// The candidate as the user knows it: a path.
    package var candidate: String
    package var outcome: Outcome
    /// By precedence, the primary reason first; empty exactly when passed.
    package var reasons: [Reason]
    package var assurance: Assurance
    /// Of the last sandbox: what was read back from the kernel.
    package var isolation = Isolation()
    package var digests = ReportDigests()
    /// All sandboxes together: times are summed, peaks are the highest.
    package var usage = Usage()
    package var timings = VerificationTimings(compileMs: 0, runMs: 0, totalMs: 0)
    /// Compile steps of the candidate, in their order, where results of such are kept.
    package var compilations: [CompileUse] = []
    /// True when an earlier verdict about the same content was taken instead of a run.
    package var isCached = false
    package var attempts: Attempts
    /// In the order of the fixture.
    package var cases: [CaseReport]
    /// What a compile step or the deciding program wrote to stderr; nil when passed, hidden or silent.
    package var diagnostic: Diagnostic?
    package var expectation: Expectation?

    /// A fixture with its verdict; the rest is set where it is known.
    package init(
        id: String, location: SourceLocation, kind: String, language: String? = nil, candidate: String,
        outcome: Outcome, reasons: [Reason] = [], assurance: Assurance, cases: [CaseReport] = []
    ) {
        self.id = id
        self.location = location
        self.kind = kind
        self.language = language
        self.candidate = candidate
        self.outcome = outcome
        self.reasons = reasons
        self.assurance = assurance
        self.cases = cases
        attempts = Attempts(passed: outcome == .passed ? 1 : 0)
    }

    /// Whether outcome and primary reason are those that the fixture wants to show; nil when it says nothing.
    package var meetsExpectation: Bool? {
        expectation.map { $0.outcome == outcome && $0.reason == reasons.first?.code }
    }
}

/// Digests of what a verdict is about; each nil where it is not known.
package struct ReportDigests: Sendable, Hashable {
    package var candidate: String?
    package var fixture: String?
    package var policy: String?
    /// Of the sandbox plans, in the order of their first use.
    package var plans: [String] = []

    /// Nothing known.
    package init() {}
}

/// What a demonstration is meant to show. It never decides a verdict.
package struct Expectation: Sendable, Hashable {
    package var outcome: Outcome
    /// Nil when passed.
    package var reason: ReasonCode?

    /// The outcome with its primary reason.
    package init(outcome: Outcome, reason: ReasonCode?) {
        self.outcome = outcome
        self.reason = reason
    }
}
