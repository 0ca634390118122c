import OrketCore

/// One page that needs nothing from anywhere: no script, no request, and a policy that forbids both. All text of
/// strangers is shown and escaped.
enum HTMLReport {
    static func text(_ report: VerificationReport) -> String {
        let title = "\(XMLText.content(report.tool)): \(report.outcome.rawValue)"
        let counts = Outcome.allCases.compactMap { outcome in
            report.counts[outcome].map { "<span class=\"\(outcome.rawValue)\">\($0) \(outcome.rawValue)</span>" }
        }
        var text = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(style)</style></head><body>
            <h1 class="\(report.outcome.rawValue)">\(title)</h1>
            <p>\(counts.isEmpty ? "no fixture" : counts.joined(separator: ", ")). \(XMLText.content(report.tool)) \
            \(XMLText.content(report.version)) on \(XMLText.content(report.host)), \(report.startedAt.rfc3339), \
            \(Figures.whole(report.durationMs)) ms.</p>
            <h2>Fixtures</h2>
            <table><thead><tr><th>fixture<th>outcome<th>reason<th>wall ms<th>cpu ms<th>memory peak<th>isolation</tr></thead><tbody>

            """
        for (index, fixture) in report.fixtures.enumerated() { text += row(fixture, index) }
        text += "</tbody></table>\n<h2>Times</h2>\n<p class=\"key\"><i class=\"compile\"></i> compiling "
        text += "<i class=\"run\"></i> running <i class=\"rest\"></i> making and taking down sandboxes</p>\n"
        text += TimingPicture.svg(report.fixtures)
        for (index, fixture) in report.fixtures.enumerated() { text += section(fixture, index) }
        return text + "</body></html>\n"
    }

    private static func row(_ fixture: FixtureReport, _ index: Int) -> String {
        let usage = fixture.usage
        let cells = [
            "<a href=\"#f\(index)\">\(XMLText.content(fixture.id))</a>", outcome(fixture.outcome),
            fixture.reasons.first?.code.rawValue ?? "", "\(Figures.whole(usage.wallMs))",
            "\(Figures.whole(usage.cpuMs))",
            Figures.size(usage.memoryPeakBytes), "level \(fixture.isolation.level.rawValue)",
        ]
        return "<tr>" + cells.map { "<td>\($0)" }.joined() + "</tr>\n"
    }

    private static func section(_ fixture: FixtureReport, _ index: Int) -> String {
        let lacks = fixture.isolation.degraded.map(\.rawValue).joined(separator: ", ")
        let facts: [(String, String?)] = [
            ("defined in", "\(fixture.location.file):\(fixture.location.line)"), ("candidate", fixture.candidate),
            ("kind", fixture.kind), ("language", fixture.language), ("assurance", fixture.assurance.rawValue),
            ("without", lacks.isEmpty ? nil : lacks), ("attempts", attempts(fixture.attempts)),
            ("verdict", fixture.isCached ? "an earlier one about the same content" : nil),
            ("candidate digest", fixture.digests.candidate), ("fixture digest", fixture.digests.fixture),
            ("policy digest", fixture.digests.policy),
        ]
        var text = "<section id=\"f\(index)\"><h3>\(XMLText.content(fixture.id)) \(outcome(fixture.outcome))</h3>\n<dl>"
        for (name, value) in facts {
            if let value { text += "<dt>\(name)<dd>\(XMLText.content(value))" }
        }
        text += "</dl>\n"
        for entry in fixture.entries { text += details(entry) }
        return text + "</section>\n"
    }

    private static func details(_ entry: ReportEntry) -> String {
        let mark = entry.outcome.map(outcome) ?? "<span class=\"cancelled\">not run</span>"
        let figures =
            entry.item?.usage.map { ", \(Figures.whole($0.wallMs)) ms, \(Figures.size($0.memoryPeakBytes))" } ?? ""
        let often = attempts(entry.attempts).map { ", \($0)" } ?? ""
        let title =
            "\(mark) \(XMLText.content(entry.name))\(entry.item?.isHidden == true ? " (hidden)" : "")\(figures)\(often)"
        if entry.outcome == nil || entry.outcome == .passed { return "<p class=\"case\">\(title)</p>\n" }
        var text = "<details open><summary>\(title)</summary>\n<ul>"
        for reason in entry.reasons {
            text += "<li><b>\(reason.code.rawValue)</b> \(XMLText.content(reason.detail))"
            if reason.source != .host { text += " <em>\(reason.source.rawValue)</em>" }
        }
        text += "</ul>\n"
        if let diff = entry.item.flatMap({ OutputDiff($0) }) { text += picture(diff) }
        if let stderr = entry.stderrLines {
            text +=
                "<p>End of stderr, as the program wrote it:</p><pre>\(XMLText.content(stderr.joined(separator: "\n")))</pre>\n"
        }
        return text + "</details>\n"
    }

    private static func picture(_ diff: OutputDiff) -> String {
        let rows = diff.rows.map { row in
            let (name, sign) =
                switch row.side {
                case .both: ("both", " ")
                case .expected: ("expected", "-")
                case .actual: ("actual", "+")
                }
            return "<span class=\"\(name)\">\(sign) \(row.line) | \(XMLText.content(row.text))</span>\n"
        }
        return "<p>\(XMLText.content(diff.summary))</p><pre>\(rows.joined())\(diff.goesOn ? "  …\n" : "")</pre>\n"
    }

    private static func outcome(_ outcome: Outcome) -> String {
        "<span class=\"\(outcome.rawValue)\">\(outcome.rawValue)</span>"
    }

    private static func attempts(_ attempts: Attempts) -> String? {
        attempts.planned > 1
            ? "\(attempts.passed) of \(attempts.planned) attempts passed, \(attempts.required) needed" : nil
    }

    private static let style = """
        :root{--ink:#1c1c1e;--paper:#fff;--line:#d0d0d5;--soft:#f3f3f5;--good:#176b2c;--bad:#b3261e;--open:#7a5b00;--a:#2f6fde;--b:#5aa469;--c:#b9b9c2}
        @media(prefers-color-scheme:dark){:root{--ink:#e8e8ea;--paper:#161618;--line:#3a3a3f;--soft:#222226;--good:#6fd08a;--bad:#ff8a80;--open:#e6c15a;--a:#7ea8ff;--b:#7fcf92;--c:#5a5a63}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line)}
        th+th,td+td{white-space:nowrap}
        pre{background:var(--soft);padding:.6rem;overflow-x:auto;white-space:pre-wrap}
        section{border-top:2px solid var(--line);margin-top:1.5rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dd{margin:0}
        a{color:var(--a)}summary{cursor:pointer}.case{margin:.2rem 0}
        .passed{color:var(--good)}.failed,.rejected{color:var(--bad)}.inconclusive,.cancelled{color:var(--open)}
        .expected{color:var(--good)}.actual{color:var(--bad)}
        .times{width:100%;font-size:12px}.times text{fill:var(--ink)}rect.compile{fill:var(--a)}rect.run{fill:var(--b)}rect.rest{fill:var(--c)}
        .key i{display:inline-block;width:.8em;height:.8em}i.compile{background:var(--a)}i.run{background:var(--b)}i.rest{background:var(--c)}

        """
}
