import OrketCore

/// The report that docs/reports.md shows in every format: small, and yet with a pass, a failure, a hidden case.
enum ExampleReport {
    static let whole = VerificationReport(
        version: "0.1.0", host: "ci-1", startedAt: UTCTime(milliseconds: 1_772_323_199_123), durationMs: 61.5,
        fixtures: [fixture])

    private static var fixture: FixtureReport {
        let file = "fixtures/sum/fixture.yaml"
        let wrong = Reason(.wrongOutput, "case large: stdout differs from byte 1, line 1 (3 bytes written, 5 expected)")
        let hidden = Reason(.wallTime, "").redacted(of: "case secret: ")
        func usage(_ wallMs: Double) -> Usage {
            Usage(
                wallMs: wallMs, cpuMs: 8, cpuMetric: "cpuacct.usage", memoryPeakBytes: 5 << 20,
                memoryMetric: "memory.max_usage_in_bytes", processesPeak: 1)
        }
        var report = FixtureReport(
            id: "sum", location: SourceLocation(file: file), kind: "cli", language: "python",
            candidate: "fixtures/sum/candidate.py", outcome: .failed, reasons: [hidden, wrong], assurance: .blackbox,
            cases: [
                CaseReport(
                    id: "small", location: SourceLocation(file: file, line: 9), outcome: .passed, usage: usage(12.5),
                    exit: .exited(0)),
                CaseReport(
                    id: "large", location: SourceLocation(file: file, line: 12), outcome: .failed, reasons: [wrong],
                    usage: usage(13), exit: .exited(0), expected: Excerpt(Array("1024\n".utf8)),
                    actual: Excerpt(Array("1 \n".utf8))),
                CaseReport(
                    id: "secret", location: SourceLocation(file: file, line: 15), isHidden: true, outcome: .failed,
                    reasons: [hidden], usage: usage(20)),
            ])
        report.isolation = Isolation(level: .cgroups) { ["noNewPrivs": "1"] }
        report.usage = usage(45.5)
        report.timings = VerificationTimings(compileMs: 0, runMs: 45.5, totalMs: 60)
        return report
    }
}
