import OrketCore

/// TAP version 14: a test point per fixture, its cases as a subtest before it. A case that was not run is `not ok`: to a
/// reader of TAP a skipped one would be as good as passed. Diagnostics keep to the part of YAML that every reader of TAP
/// knows: mappings, quoted strings and one block of lines.
enum TAPReport {
    static func text(_ report: VerificationReport) -> String {
        var text = "TAP version 14\n1..\(report.listed.count)\n"
        for (index, fixture) in report.listed.enumerated() {
            let cases = fixture.cases.map { ReportEntry(fixture: fixture, item: $0) }
            if !cases.isEmpty {
                text += "# Subtest: \(escape(fixture.id))\n    1..\(cases.count)\n"
                for (number, entry) in cases.enumerated() { text += point(number + 1, entry, indent: "    ") }
            }
            text += point(index + 1, ReportEntry(fixture: fixture, item: nil), indent: "")
        }
        return text
    }

    private static func point(_ number: Int, _ entry: ReportEntry, indent: String) -> String {
        let isPassed = entry.outcome == .passed
        let text = "\(indent)\(isPassed ? "ok" : "not ok") \(number) - \(escape(entry.name))\n"
        if isPassed { return text }
        return text + diagnostics(entry).map { "\(indent)  \($0)\n" }.joined()
    }

    /// `details` is a block of lines, of which none is empty and the first one has no blank at its start.
    private static func diagnostics(_ entry: ReportEntry) -> [String] {
        let details = entry.explanation.split(separator: "\n").map { "  " + VisibleText.shown(String($0)) }
        return [
            "---", "message: \(quoted(entry.sentence))", "severity: fail",
            "outcome: \(entry.outcome?.rawValue ?? "not_run")", "at:", "  file: \(quoted(entry.location.file))",
            "  line: \(entry.location.line)",
        ] + (details.isEmpty ? [] : ["details: |"] + details) + ["..."]
    }

    /// A string in double quotes. After `shown` a line break, a quote and a backslash are all that needs an escape.
    private static func quoted(_ text: String) -> String { "\"\(VisibleText.shown(text).jsonEscaped)\"" }

    /// A description. `#` would start a directive, and not every reader knows that a backslash before it prevents that.
    private static func escape(_ text: String) -> String {
        VisibleText.shown(text, escapes: ["#": "\\u{23}", "\\": "\\\\", "\n": "\\n"])
    }
}
