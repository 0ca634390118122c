/// One run of the verifier over fixtures: the model that every report format is written from.
package struct VerificationReport: Sendable {
    /// Name and version of the program that judged.
    package var tool: String
    package var version: String
    package var host: String
    package var startedAt: UTCTime
    /// Real time from the first fixture to the last, milliseconds.
    package var durationMs: Double
    package var fixtures: [FixtureReport]

    /// A report about `fixtures`, in their order.
    package init(
        tool: String = "orket", version: String, host: String, startedAt: UTCTime, durationMs: Double,
        fixtures: [FixtureReport]
    ) {
        self.tool = tool
        self.version = version
        self.host = host
        self.startedAt = startedAt
        self.durationMs = durationMs
        self.fixtures = fixtures
    }

    /// The gravest outcome of all fixtures. Without a fixture nothing was shown, and that is no pass.
    package var outcome: Outcome {
        fixtures.map(\.outcome).max { $0.severity < $1.severity } ?? .failed
    }

    /// How many fixtures had each outcome.
    package var counts: [Outcome: Int] { fixtures.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 } }

    /// The exit code: that of the gravest outcome; with `checkingExpectations`, 0 exactly when every fixture that says
    /// what it shows showed it, and the others passed.
    package func exitCode(checkingExpectations: Bool) -> Int32 {
        if !checkingExpectations || outcome == .cancelled { return outcome.exitCode }
        let isAsExpected = fixtures.allSatisfy { $0.meetsExpectation ?? ($0.outcome == .passed) }
        return !fixtures.isEmpty && isAsExpected ? 0 : 1
    }
}
