/// What an issue is verified with.
package struct IssueVerification: Sendable, Hashable {
    /// Fixtures that must all pass, each by its path beneath the board's directory of fixtures; empty when there is none, and
    /// then nothing can ever complete the issue.
    package var fixtures: [String] = []
    /// Cases that are written down in the issue itself; their ids are unique.
    package var scenarios: [VerificationScenario] = []
    package var lastRun: VerificationSummary?

    /// No verification.
    package init(fixtures: [String] = [], scenarios: [VerificationScenario] = []) {
        self.fixtures = fixtures
        self.scenarios = scenarios
    }
}

/// One case of an issue.
package struct VerificationScenario: Sendable, Hashable {
    /// What became of it.
    package enum Status: String, Sendable, CaseIterable {
        case pending, pass, fail
    }

    package var id: String
    package var description: String
    /// Always an object.
    package var input: JSONValue
    package var expected: JSONValue
    package var actual: JSONValue?
    package var status = Status.pending

    /// A case that has not been run.
    package init(id: String, description: String, input: JSONValue, expected: JSONValue) {
        self.id = id
        self.description = description
        self.input = input
        self.expected = expected
    }
}

/// Counts of the last verification, for people; whether the issue is done follows from evidence only.
package struct VerificationSummary: Sendable, Hashable {
    package var timestamp: UTCTime
    package var passed: Int
    package var failed: Int
    package var logs: [String]

    /// Nil for negative counts.
    package init?(timestamp: UTCTime, passed: Int, failed: Int, logs: [String] = []) {
        guard passed >= 0, failed >= 0 else { return nil }
        self.timestamp = timestamp
        self.passed = passed
        self.failed = failed
        self.logs = logs
    }

    /// Always the sum: a file whose `total_scenarios` says otherwise is refused.
    package var total: Int { passed + failed }
}
