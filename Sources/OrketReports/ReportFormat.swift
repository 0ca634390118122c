package import OrketCore

/// The formats of a verification report. Each is a pure function of the model.
package enum ReportFormat: String, CaseIterable, Sendable {
    case table, json, jsonl, junit, tap, sarif, ctrf, github, html

    /// The report in this format. `style` counts for tables only.
    package func text(of report: VerificationReport, style: TextStyle = TextStyle()) -> String {
        switch self {
        case .table: FixtureTable.text(report, style)
        case .json: JSONReport.text(report)
        case .jsonl: JSONReport.lines(report)
        case .junit: JUnitReport.text(report)
        case .tap: TAPReport.text(report)
        case .sarif: SARIFReport.text(report)
        case .ctrf: CTRFReport.text(report)
        case .github: GitHubReport.commands(report)
        case .html: HTMLReport.text(report)
        }
    }
}
