import OrketCore

/// One report with everything that formats trip over: every outcome, hostile text, hidden and skipped cases, cut
/// output, other scripts.
enum RichReport {
    /// Stands in the input, output and errors of every hidden case, and must be in no report.
    static let secret = "hidden-canary-7f3a"
    /// Closes, opens and comments whatever a format may know; behind some of the signs stands a mark that makes one
    /// character with them.
    static let hostile =
        "\"'><script>alert(1)</script>]]>&amp;--> | # SKIP #\u{903} \\ ```\u{903} %\u{903}0A%0A::error::x"
        + "\u{1B}[31m\u{202E}\r\nend,\u{903}:\u{0}"

    static let whole = VerificationReport(
        version: "1.2.3", host: "build-7", startedAt: UTCTime(milliseconds: 1_772_323_199_123),
        durationMs: 12_345.678_9,
        fixtures: [passing, wrong, unbuilt, tampered, undecided, stopped, flaky, unfriendly])

    /// The same without a fixture.
    static var empty: VerificationReport {
        var report = whole
        report.fixtures = []
        return report
    }

    private static func place(_ id: String, _ line: Int = 1) -> SourceLocation {
        SourceLocation(file: "fixtures/\(id)/fixture.yaml", line: line)
    }

    private static func usage(_ wall: Double, _ mebibytes: UInt64 = 5) -> Usage {
        Usage(
            wallMs: wall, cpuMs: wall / 2, cpuMetric: "cpuacct.usage", memoryPeakBytes: mebibytes << 20,
            memoryMetric: "memory.max_usage_in_bytes", processesPeak: 2)
    }

    private static func fixture(
        _ id: String, _ outcome: Outcome, _ reasons: [Reason] = [], cases: [CaseReport] = []
    ) -> FixtureReport {
        var report = FixtureReport(
            id: id, location: place(id), kind: "cli", language: "python", candidate: "work/\(id)/main.py",
            outcome: outcome, reasons: reasons, assurance: .blackbox, cases: cases)
        report.isolation = Isolation(level: .cgroups) { ["noNewPrivs": "1", "seccompMode": "2"] }
        report.usage = usage(Double(id.utf8.count) * 100.5)
        report.timings = VerificationTimings(
            compileMs: 0, runMs: report.usage.wallMs, totalMs: report.usage.wallMs + 20)
        return report
    }

    private static var passing: FixtureReport {
        var report = fixture(
            "adds", .passed,
            cases: [
                CaseReport(
                    id: "small", location: place("adds", 9), outcome: .passed, usage: usage(12.25), exit: .exited(0)),
                CaseReport(
                    id: "secret", location: place("adds", 12), isHidden: true, outcome: .passed, usage: usage(13),
                    exit: .exited(0)),
            ])
        report.digests.candidate = String(repeating: "1a", count: 32)
        report.digests.fixture = String(repeating: "2b", count: 32)
        report.digests.policy = String(repeating: "3c", count: 32)
        report.digests.plans = [String(repeating: "4d", count: 32)]
        report.expectation = Expectation(outcome: .passed, reason: nil)
        return report
    }

    private static var wrong: FixtureReport {
        let hiddenReason = Reason(.wrongOutput, "case secret: \(secret)").redacted(of: "case secret: ")
        let visible = "alpha\nbeta\t\u{A0}\u{200B}\u{FEFF}\ngamma  \nprice 12 €\nomega\n"
        let actual: [UInt8] =
            Array("alpha\nbeta\t\u{A0}\u{200B}\u{FEFF}\ngamma  \nprice 1\u{0}".utf8) + [0xFF, 0xC3, 0x0D, 0x0A]
        let long = Array(String(repeating: "0123456789", count: 700).utf8)
        return fixture(
            "prints", .failed,
            [
                Reason(.wrongOutput, "case shown: stdout differs from byte 38 on, line 4"), hiddenReason,
                Reason(.nonzeroExit, "case silent: exit status 3, expected 0"),
            ],
            cases: [
                CaseReport(
                    id: "shown", location: place("prints", 8), outcome: .failed,
                    reasons: [Reason(.wrongOutput, "case shown: stdout differs from byte 38 on, line 4")],
                    usage: usage(30), exit: .exited(0), expected: Excerpt(Array(visible.utf8)), actual: Excerpt(actual)),
                CaseReport(
                    id: "cut", location: place("prints", 14), outcome: .failed,
                    reasons: [Reason(.wrongOutput, "case cut: stdout differs from byte 7000 on, line 1")],
                    usage: usage(31, 900), exit: .exited(0),
                    expected: Excerpt(long.dropFirst(5_977), offset: 5_977, column: 5_978, totalBytes: 1 << 20),
                    actual: Excerpt(
                        long.dropFirst(5_977) + Array("unlike".utf8), offset: 5_977, column: 5_978, totalBytes: 1 << 40),
                    stderr: Excerpt(
                        Array("Traceback\n\u{1B}[2Jgone\n".utf8), offset: 70_000, line: nil, totalBytes: 70_015)),
                CaseReport(
                    id: "secret", location: place("prints", 20), isHidden: true, outcome: .failed,
                    reasons: [Reason(.wrongOutput, secret)], usage: usage(777.125), exit: .exited(77),
                    expected: Excerpt(Array(secret.utf8)), actual: Excerpt(Array("x\(secret)".utf8)),
                    stderr: Excerpt(Array(secret.utf8))),
                CaseReport(
                    id: "silent", location: place("prints", 26), outcome: .failed,
                    reasons: [Reason(.nonzeroExit, "case silent: exit status 3, expected 0")], usage: usage(5),
                    exit: .exited(3)),
            ])
    }

    private static var unbuilt: FixtureReport {
        var report = fixture(
            "builds", .failed, [Reason(.compileError, "the compile step ended with exit status 1")],
            cases: [CaseReport(id: "small", location: place("builds", 7), outcome: nil)])
        report.language = "c"
        var stream = CapturedStream()
        stream.head = Array("main.c:3:1: error: expected ';' before \u{1B}[1m'}'\n".utf8)
        stream.byteCount = UInt64(stream.head.count)
        report.diagnostic = Diagnostic(step: "compile", stream)
        return report
    }

    private static var tampered: FixtureReport {
        fixture(
            "guards", .rejected,
            [
                Reason(.artifactRejected, "the output 'r\\u{1b}esult' is a symbolic link"),
                Reason(.wrongOutput, source: .selfReported, "2 of 3 checks"),
            ],
            cases: [
                CaseReport(
                    id: "link", location: place("guards", 9), outcome: .rejected,
                    reasons: [
                        Reason(.artifactRejected, "the output 'r\\u{1b}esult' is a symbolic link"),
                        Reason(.wrongOutput, source: .selfReported, "2 of 3 checks"),
                    ], usage: usage(8), exit: .signaled(9))
            ])
    }

    private static var undecided: FixtureReport {
        var report = fixture(
            "waits", .inconclusive, [Reason(.hostResource, "the host had no memory for a sandbox (free some)")],
            cases: [
                CaseReport(
                    id: "first", location: place("waits", 5), outcome: .inconclusive,
                    reasons: [Reason(.hostResource, "the host had no memory for a sandbox (free some)")]),
                CaseReport(id: "second", location: place("waits", 9), outcome: nil),
            ])
        report.isolation = Isolation(level: .namespaces, degraded: [.cgroupMemory, .cgroupPids])
        return report
    }

    private static var stopped: FixtureReport {
        fixture("stops", .cancelled, [Reason(.cancelled, "the run was cancelled")])
    }

    private static var flaky: FixtureReport {
        var report = fixture("repeats", .passed)
        report.cases = [
            CaseReport(
                id: "often", location: place("repeats", 6), outcome: .passed,
                attempts: Attempts(required: 2, planned: 3, passed: 2), usage: usage(40), exit: .exited(0))
        ]
        report.attempts = Attempts(required: 2, planned: 3, passed: 2)
        report.isCached = true
        report.isolation = Isolation(level: .namespaces, degraded: [.cgroupMemory])
        return report
    }

    private static var unfriendly: FixtureReport {
        let reason = Reason(.resultMismatch, "漢字 😀 e\u{301} \(hostile)")
        var report = FixtureReport(
            id: "id \(hostile)", location: SourceLocation(file: "fix tures/a,b:c%d\n\(hostile)/fixture.yaml", line: 3),
            kind: "suite", candidate: "../\(hostile)", outcome: .failed, reasons: [reason], assurance: .inProcess,
            cases: [
                CaseReport(
                    id: "case \(hostile)", location: SourceLocation(file: "fix tures/a,b:c%d\n/t.py", line: 44),
                    outcome: .failed, reasons: [reason], usage: usage(1), exit: .signaled(11),
                    expected: Excerpt(Array("]]>\(hostile)".utf8)), actual: Excerpt(Array("]]><\(hostile)".utf8)),
                    stderr: Excerpt(Array("```\n\(hostile)".utf8)))
            ])
        report.timings = VerificationTimings(compileMs: 2.5, runMs: 7, totalMs: 9.5)
        return report
    }
}
