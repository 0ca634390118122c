import OrketCore
import OrketReports
import OrketVerify

/// The summary of a corpus run for people.
enum SummaryText {
    private static let maximumDisagreements = 200

    /// Counts per language, agreement, every disagreement (at most 200), the digest. A run that was stopped has no digest
    /// that could be compared with another's, and says how to go on instead.
    static func text(_ summary: VerdictSummary, canResume: Bool) -> String {
        var table = TextTable(["language"] + Outcome.allCases.map(\.rawValue), rightAligned: [1, 2, 3, 4, 5])
        for language in Language.allCases {
            guard let counts = summary.languages[language] else { continue }
            table.add([language.rawValue] + row(counts))
        }
        table.add(["all"] + row(summary.outcomes))
        var text = table.text
        if summary.compared > 0 {
            text += "agreement with expected_verdict: \(summary.agreed) of \(summary.compared)\n"
        }
        for verdict in summary.disagreements.prefix(maximumDisagreements) {
            let reason = verdict.primary.map { " (\($0.rawValue))" } ?? ""
            text += "disagrees: \(TerminalText.escape(verdict.id)): expected \(verdict.expected?.rawValue ?? "-")"
            text += ", is \(verdict.outcome.rawValue)\(reason)\n"
        }
        if summary.disagreements.count > maximumDisagreements {
            text += "and \(summary.disagreements.count - maximumDisagreements) more\n"
        }
        if summary.total < summary.planned {
            let advice =
                canResume ? "; the same command with --resume goes on" : "; with --output FILE it could be resumed"
            return text + "stopped after \(summary.total) of \(summary.planned) records\(advice)\n"
        }
        return text + "verdict digest: \(summary.digest)\n"
    }

    private static func row(_ counts: [Outcome: Int]) -> [String] {
        Outcome.allCases.map { String(counts[$0, default: 0]) }
    }
}
