import OrketCore

/// The model itself as JSON: `orket.verification/1` (docs/formats/verification.schema.json).
enum JSONReport {
    /// The whole report on one line.
    static func text(_ report: VerificationReport) -> String {
        let outcomes = Outcome.allCases.map {
            JSONValue.Member($0.rawValue, .integer(Int64(report.counts[$0, default: 0])))
        }
        return JSONValue.record([
            "schema": .string("orket.verification/1"),
            "tool": .record(["name": .string(report.tool), "version": .string(report.version)]),
            "host": .string(report.host), "startedAt": .string(report.startedAt.rfc3339),
            "durationMs": .milliseconds(report.durationMs), "outcome": .string(report.outcome.rawValue),
            "outcomes": .object(outcomes), "fixtures": .array(report.fixtures.map(value)),
        ]).text + "\n"
    }

    /// Each fixture on a line of its own: `orket.fixture-report/1`, the elements of `fixtures`.
    static func lines(_ report: VerificationReport) -> String {
        report.fixtures.map { value($0).text + "\n" }.joined()
    }

    private static func value(_ fixture: FixtureReport) -> JSONValue {
        .record([
            "schema": .string("orket.fixture-report/1"), "id": .string(fixture.id),
            "location": value(fixture.location), "kind": .string(fixture.kind),
            "language": fixture.language.map { .string($0) }, "candidate": .string(fixture.candidate),
            "outcome": .string(fixture.outcome.rawValue), "reasons": .array(fixture.reasons.map(\.json)),
            "assurance": .string(fixture.assurance.rawValue), "isolation": fixture.isolation.full,
            "digests": value(fixture.digests), "usage": fixture.usage.json, "timings": fixture.timings.json,
            "compilations": fixture.compilations.isEmpty ? nil : .array(fixture.compilations.map(\.json)),
            "cached": .bool(fixture.isCached), "attempts": fixture.attempts.json,
            "cases": .array(fixture.cases.map(value)), "diagnostic": fixture.diagnostic?.json,
            "expect": fixture.expectation.map(value), "meetsExpectation": fixture.meetsExpectation.map { .bool($0) },
        ])
    }

    private static func value(_ item: CaseReport) -> JSONValue {
        .record([
            "id": .string(item.id), "location": value(item.location), "hidden": .bool(item.isHidden),
            "outcome": item.outcome.map { .string($0.rawValue) } ?? .null,
            "reasons": .array(item.reasons.map(\.json)), "attempts": item.attempts.json, "usage": item.usage?.json,
            "exit": item.exit.map(value), "expected": item.expected?.json, "actual": item.actual?.json,
            "stderr": item.stderr?.json,
        ])
    }

    private static func value(_ location: SourceLocation) -> JSONValue {
        .record(["file": .string(location.file), "line": .integer(Int64(location.line))])
    }

    private static func value(_ digests: ReportDigests) -> JSONValue {
        .record([
            "candidate": digests.candidate.map { .string($0) }, "fixture": digests.fixture.map { .string($0) },
            "policy": digests.policy.map { .string($0) }, "plans": .array(digests.plans.map { .string($0) }),
        ])
    }

    private static func value(_ exit: ExitStatus) -> JSONValue {
        switch exit {
        case .exited(let status): .record(["code": .integer(Int64(status))])
        case .signaled(let signal): .record(["signal": .integer(Int64(signal))])
        }
    }

    private static func value(_ expectation: Expectation) -> JSONValue {
        .record([
            "outcome": .string(expectation.outcome.rawValue),
            "reason": expectation.reason.map { .string($0.rawValue) },
        ])
    }
}
