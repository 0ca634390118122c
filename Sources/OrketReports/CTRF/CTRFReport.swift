import OrketCore

/// Common Test Report Format (ctrf.io), the fields that docs/formats/ctrf.schema.json lists: a test per entry, its
/// fixture as the suite. Whatever ran and is no pass is `failed`, what was not run is `skipped`; `rawStatus` has our word.
enum CTRFReport {
    private static let specification = "0.1.0"

    static func text(_ report: VerificationReport) -> String {
        let entries = report.listed.flatMap(\.entries)
        let document = JSONValue.record([
            "reportFormat": .string("CTRF"), "specVersion": .string(specification),
            "timestamp": .string(report.startedAt.rfc3339), "generatedBy": .string("\(report.tool) \(report.version)"),
            "results": .record([
                "tool": .record(["name": .string(report.tool), "version": .string(report.version)]),
                "summary": summary(report, entries), "tests": .array(entries.map(test)),
                "environment": .record(["extra": .record(["host": .string(report.host)])]),
            ]),
        ])
        return document.text + "\n"
    }

    private static func summary(_ report: VerificationReport, _ entries: [ReportEntry]) -> JSONValue {
        let statuses = entries.map { status($0.outcome) }
        func count(_ status: String) -> JSONValue { .integer(Int64(statuses.count { $0 == status })) }
        let duration = Figures.whole(report.durationMs)
        return .record([
            "tests": .integer(Int64(entries.count)), "passed": count("passed"), "failed": count("failed"),
            "skipped": count("skipped"), "pending": count("pending"), "other": count("other"),
            "flaky": .integer(Int64(entries.count { isFlaky($0) })),
            "suites": .integer(Int64(report.listed.count)), "start": .integer(report.startedAt.milliseconds),
            "stop": .integer(report.startedAt.milliseconds + duration), "duration": .integer(duration),
        ])
    }

    private static func test(_ entry: ReportEntry) -> JSONValue {
        let isPassed = entry.outcome == .passed
        return .record([
            "name": .string(VisibleText.shown(entry.name)), "status": .string(status(entry.outcome)),
            "duration": .integer(Figures.whole(entry.wallMs)),
            "suite": .array([.string(VisibleText.shown(entry.fixture.id))]),
            "message": isPassed ? nil : .string(VisibleText.shown(entry.sentence)),
            "trace": isPassed || entry.outcome == nil ? nil : .string(entry.explanation),
            "line": .integer(Int64(entry.location.line)),
            "rawStatus": .string(entry.outcome?.rawValue ?? "not_run"), "type": .string(entry.fixture.kind),
            "filePath": .string(entry.location.file),
            "retries": entry.attempts.planned > 1 ? .integer(Int64(entry.attempts.planned - 1)) : nil,
            "flaky": isFlaky(entry) ? .bool(true) : nil,
            "stderr": isPassed ? nil : entry.stderrLines.map { .array($0.map { .string($0) }) },
            "extra": .record([
                "hidden": entry.item?.isHidden == true ? .bool(true) : nil,
                "reasons": .array(entry.reasons.map(\.json)),
                "assurance": .string(entry.fixture.assurance.rawValue),
                "isolation": entry.fixture.isolation.summary,
            ]),
        ])
    }

    private static func isFlaky(_ entry: ReportEntry) -> Bool { entry.outcome == .passed && entry.attempts.isFlaky }

    private static func status(_ outcome: Outcome?) -> String {
        switch outcome {
        case .passed: "passed"
        // Readers gate on the number of failures, and what could not be decided must not pass them.
        case .failed, .rejected, .inconclusive, .cancelled: "failed"
        case nil: "skipped"
        }
    }
}
