package import OrketCore

/// What a step of GitHub Actions prints and leaves: annotations as workflow commands, and the summary of the step as
/// Markdown.
package enum GitHubReport {
    /// Annotations of each kind that GitHub shows of one step; it shows 50 of a whole job.
    private static let maximumAnnotations = 10
    /// Bytes that GitHub takes as the summary of one step.
    package static let maximumSummaryBytes = 1 << 20

    /// Errors for all that is no pass, warnings for passes with less isolation or with failed attempts, then one line for
    /// people. No line of it but the commands starts with `::`.
    static func commands(_ report: VerificationReport) -> String {
        let entries = report.listed.flatMap(\.entries)
        let errors = entries.filter { $0.outcome != nil && $0.outcome != .passed }.map { entry in
            let difference = entry.item.flatMap { OutputDiff($0) }.map { "\n" + $0.summary } ?? ""
            return command("error", entry.location, entry.path, entry.sentence + difference)
        }
        var warnings = report.fixtures.filter { !$0.isolation.degraded.isEmpty }.map { fixture in
            let lacks = fixture.isolation.degraded.map(\.rawValue).joined(separator: ", ")
            return command(
                "warning", fixture.location, fixture.id,
                "isolation level \(fixture.isolation.level.rawValue), without \(lacks)")
        }
        warnings += entries.filter { $0.outcome == .passed && $0.attempts.isFlaky }.map { entry in
            let attempts = entry.attempts
            return command(
                "warning", entry.location, entry.path, "passed in \(attempts.passed) of \(attempts.planned) attempts")
        }
        let text = (errors.prefix(maximumAnnotations) + warnings.prefix(maximumAnnotations)).joined()
        let hidden = max(0, errors.count - maximumAnnotations) + max(0, warnings.count - maximumAnnotations)
        return text + headline(report) + (hidden > 0 ? "; \(hidden) annotations more are not shown\n" : "\n")
    }

    /// At most `maximumBytes` of Markdown: whole rows and sections as far as they fit, then a note of what is left out.
    package static func summary(_ report: VerificationReport, maximumBytes: Int = maximumSummaryBytes) -> String {
        let open = report.listed.flatMap(\.entries).filter { $0.outcome != nil && $0.outcome != .passed }
        let head =
            "## \(headline(report))\n\n| fixture | outcome | reason | wall ms | what the host saw |\n|---|---|---|--:|---|\n"
        let pieces = report.fixtures.map(row) + open.map(section)
        let note = { (count: Int) in
            "\n\(count) of \(pieces.count) rows and details are left out: a summary has a limit.\n"
        }
        let room = maximumBytes - note(pieces.count).utf8.count
        var text = head
        if text.utf8.count > room { return "" }
        for (index, piece) in pieces.enumerated() {
            if text.utf8.count + piece.utf8.count > room { return text + note(pieces.count - index) }
            text += piece
        }
        return text
    }

    private static func headline(_ report: VerificationReport) -> String {
        let counts = Outcome.allCases.compactMap { outcome in
            report.counts[outcome].map { "\($0) \(outcome.rawValue)" }
        }
        return "\(report.tool): \(report.outcome.rawValue)"
            + (counts.isEmpty ? ", no fixture" : " (\(counts.joined(separator: ", ")))")
    }

    private static func row(_ fixture: FixtureReport) -> String {
        let code = fixture.reasons.first.map { "`\($0.code.rawValue)`" } ?? "-"
        let detail = fixture.reasons.first.map { markdown($0.detail) } ?? "every case as expected"
        return
            "| \(markdown(fixture.id)) | \(fixture.outcome.rawValue) | \(code) | \(Figures.whole(fixture.usage.wallMs)) | \(detail) |\n"
    }

    private static func section(_ entry: ReportEntry) -> String {
        let explanation = VisibleText.shown(entry.explanation)
        // Longer than any run of backticks within, so that none of them ends the block.
        let longest = explanation.unicodeScalars.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let title = "\(markdown(entry.path)): \(entry.outcome?.rawValue ?? "")"
        return "\n<details><summary>\(title)</summary>\n\n\(fence)text\n\(explanation)\(fence)\n\n</details>\n"
    }

    private static func command(_ kind: String, _ place: SourceLocation, _ title: String, _ text: String) -> String {
        "::\(kind) file=\(property(place.file)),line=\(place.line),title=\(property(title))::\(data(text))\n"
    }

    /// The text of a command. A percent sign is the escape character, a line break would end the command.
    private static func data(_ text: String) -> String {
        VisibleText.shown(text, escapes: ["%": "%25", "\n": "%0A"])
    }

    /// A property of a command, which a comma or a colon would end.
    private static func property(_ text: String) -> String {
        VisibleText.shown(text, escapes: ["%": "%25", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    /// Text in Markdown as text: every mark that Markdown or HTML could take for its own, or that makes a link or a
    /// mention, is written by its number. One line.
    private static func markdown(_ text: String) -> String {
        var escaped = ""
        for scalar in VisibleText.shown(text).unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case " ", ",", "'", "(", ")", "-", "=": escaped.unicodeScalars.append(scalar)
            case _ where scalar.isASCII && !scalar.properties.isAlphabetic && scalar.properties.numericType == nil:
                escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
