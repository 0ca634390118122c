import OrketCore

/// JUnit XML that keeps to both schemas in use, that of the Ant task and that of Jenkins: a suite per fixture, a test
/// case per entry. What the candidate did wrong is a `failure`; what our side could not decide is an `error`; what was
/// not run is `skipped`, and then another entry of the suite says why.
enum JUnitReport {
    static func text(_ report: VerificationReport) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for (index, fixture) in report.listed.enumerated() { text += suite(fixture, index, report) }
        return text + "</testsuites>\n"
    }

    private static func suite(_ fixture: FixtureReport, _ index: Int, _ report: VerificationReport) -> String {
        let entries = fixture.entries
        let kinds = entries.map { Kind($0.outcome) }
        func count(_ kind: Kind) -> String { String(kinds.count { $0 == kind }) }
        let attributes: KeyValuePairs = [
            "name": fixture.id, "package": report.tool, "id": String(index), "timestamp": report.startedAt.seconds,
            "hostname": report.host.isEmpty ? "localhost" : report.host, "tests": String(entries.count),
            "failures": count(.failure), "errors": count(.error), "skipped": count(.skipped),
            "time": seconds(fixture.timings.totalMs),
        ]
        var text = "  <testsuite\(write(attributes))>\n    <properties>\n"
        for (name, value) in properties(fixture, report) {
            text += "      <property\(write(["name": name, "value": value]))/>\n"
        }
        text += "    </properties>\n"
        for entry in entries { text += testCase(entry) }
        let stderr = fixture.diagnostic.map { VisibleText.lines(Array($0.stderr.utf8)).joined(separator: "\n") } ?? ""
        return text
            + "    <system-out></system-out>\n    <system-err>\(XMLText.content(stderr))</system-err>\n  </testsuite>\n"
    }

    private static func properties(
        _ fixture: FixtureReport, _ report: VerificationReport
    ) -> [(String, String)] {
        let degraded = fixture.isolation.degraded.map(\.rawValue).joined(separator: " ")
        let all: [(String, String?)] = [
            ("tool", "\(report.tool) \(report.version)"), ("outcome", fixture.outcome.rawValue),
            ("file", fixture.location.file), ("line", String(fixture.location.line)), ("kind", fixture.kind),
            ("language", fixture.language), ("candidate", fixture.candidate), ("assurance", fixture.assurance.rawValue),
            ("isolation.level", String(fixture.isolation.level.rawValue)),
            ("isolation.degraded", degraded.isEmpty ? nil : degraded), ("cached", fixture.isCached ? "true" : nil),
            ("digest.candidate", fixture.digests.candidate), ("digest.fixture", fixture.digests.fixture),
            ("digest.policy", fixture.digests.policy),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func testCase(_ entry: ReportEntry) -> String {
        let attributes: KeyValuePairs = [
            "name": entry.name, "classname": "\(entry.fixture.kind).\(entry.fixture.id)", "time": seconds(entry.wallMs),
        ]
        let open = "    <testcase\(write(attributes))"
        guard let element = Kind(entry.outcome).element else { return open + "/>\n" }
        if entry.outcome == nil {
            return open + ">\n      <\(element)\(write(["message": entry.sentence]))/>\n    </testcase>\n"
        }
        let type = [entry.outcome?.rawValue, entry.reasons.first?.code.rawValue].compactMap { $0 }.joined(
            separator: ".")
        return open + ">\n      <\(element)\(write(["message": entry.sentence, "type": type]))>"
            + XMLText.content(entry.explanation) + "</\(element)>\n    </testcase>\n"
    }

    /// What JUnit makes of an outcome.
    private enum Kind {
        case passed, failure, error, skipped

        init(_ outcome: Outcome?) {
            switch outcome {
            case .passed: self = .passed
            case .failed, .rejected: self = .failure
            case .inconclusive, .cancelled: self = .error
            case nil: self = .skipped
            }
        }

        var element: String? {
            switch self {
            case .passed: nil
            case .failure: "failure"
            case .error: "error"
            case .skipped: "skipped"
            }
        }
    }

    private static func write(_ attributes: KeyValuePairs<String, String>) -> String {
        attributes.map { " \($0)=\"\(XMLText.attribute($1))\"" }.joined()
    }

    /// Seconds with three decimals: all that the schema of Jenkins takes.
    private static func seconds(_ milliseconds: Double) -> String {
        let whole = Figures.whole(milliseconds)
        let rest = String(whole % 1_000)
        return "\(whole / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
