import OrketCore

/// SARIF 2.1.0: a rule per reason code that occurs, a result per fixture or case that ran and is no pass, at its line of
/// the fixture. The level is `error` for all of them: what could not be decided is no lesser finding.
enum SARIFReport {
    private static let schema =
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    /// Results of one run that GitHub takes.
    private static let maximumResults = 25_000

    static func text(_ report: VerificationReport) -> String {
        let entries = report.listed.flatMap(\.entries).filter { $0.outcome != nil && $0.outcome != .passed }
        let codes = Set(entries.compactMap { $0.reasons.first?.code }).sorted()
        let kept = entries.prefix(maximumResults)
        let run = JSONValue.record([
            "tool": .record(["driver": driver(report, codes)]),
            "invocations": .array([invocation(report, leftOut: entries.count - kept.count)]),
            "columnKind": .string("unicodeCodePoints"), "results": .array(kept.map { result($0, codes) }),
        ])
        let document = JSONValue.record([
            "$schema": .string(schema), "version": .string("2.1.0"), "runs": .array([run]),
        ])
        return document.text + "\n"
    }

    private static func driver(_ report: VerificationReport, _ codes: [ReasonCode]) -> JSONValue {
        let rules = codes.map { code in
            JSONValue.record([
                "id": .string(code.rawValue), "shortDescription": message(code.rawValue.replacing("_", with: " ")),
                "defaultConfiguration": .record(["level": .string("error")]),
            ])
        }
        return .record([
            "name": .string(report.tool), "version": .string(report.version), "rules": .array(rules),
        ])
    }

    private static func invocation(_ report: VerificationReport, leftOut: Int) -> JSONValue {
        let end = UTCTime(milliseconds: report.startedAt.milliseconds + Figures.whole(report.durationMs))
        let note = JSONValue.record([
            "level": .string("warning"), "message": message("\(leftOut) results more are left out"),
        ])
        let isComplete = report.fixtures.allSatisfy { $0.outcome != .inconclusive && $0.outcome != .cancelled }
        return .record([
            "executionSuccessful": .bool(isComplete), "startTimeUtc": .string(report.startedAt.rfc3339),
            "endTimeUtc": .string(end.rfc3339), "exitCode": .integer(Int64(report.outcome.exitCode)),
            "toolExecutionNotifications": leftOut > 0 ? .array([note]) : nil,
        ])
    }

    private static func result(_ entry: ReportEntry, _ codes: [ReasonCode]) -> JSONValue {
        let code = entry.reasons.first?.code
        let difference = entry.item.flatMap { OutputDiff($0) }.map { "\n" + $0.summary } ?? ""
        let place = JSONValue.record([
            "artifactLocation": .record(["uri": .string(uri(entry.location.file))]),
            "region": .record(["startLine": .integer(Int64(entry.location.line))]),
        ])
        let name = JSONValue.record([
            "name": .string(VisibleText.shown(entry.name)),
            "fullyQualifiedName": .string(VisibleText.shown(entry.path)), "kind": .string("member"),
        ])
        return .record([
            "ruleId": .string(code?.rawValue ?? ""),
            "ruleIndex": code.flatMap { codes.firstIndex(of: $0) }.map { .integer(Int64($0)) },
            "level": .string("error"), "message": message("\(entry.path): \(entry.sentence)\(difference)"),
            "locations": .array([.record(["physicalLocation": place, "logicalLocations": .array([name])])]),
            // The same case with the same reason is the same finding, wherever the fixture's lines have moved to.
            "partialFingerprints": .record([
                "orketCase/v1": .string("\(VisibleText.shown(entry.path))/\(code?.rawValue ?? "")")
            ]),
            "properties": .record([
                "outcome": entry.outcome.map { .string($0.rawValue) }, "reasons": .array(entry.reasons.map(\.json)),
                "assurance": .string(entry.fixture.assurance.rawValue),
                "isolationLevel": .integer(Int64(entry.fixture.isolation.level.rawValue)),
            ]),
        ])
    }

    private static func message(_ text: String) -> JSONValue { .record(["text": .string(VisibleText.shown(text))]) }

    /// A path as a URI reference: relative ones stay relative, every byte that is not plain is percent-encoded.
    static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return (path.hasPrefix("/") ? "file://" : "") + String(decoding: encoded, as: UTF8.self)
    }
}
