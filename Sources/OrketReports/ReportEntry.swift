package import OrketCore

/// One line of a report that counts tests: a case, or a fixture as a whole.
package struct ReportEntry: Sendable {
    package let fixture: FixtureReport
    /// Nil for the fixture as a whole.
    package let item: CaseReport?

    /// The id of the case; that of the fixture for the fixture as a whole.
    var name: String { item?.id ?? fixture.id }

    /// `fixture/case`, or the fixture.
    var path: String { item.map { "\(fixture.id)/\($0.id)" } ?? fixture.id }

    /// Nil when the case was not run.
    var outcome: Outcome? { item.map(\.outcome) ?? fixture.outcome }

    var reasons: [Reason] { item?.reasons ?? fixture.reasons }

    var location: SourceLocation { item?.location ?? fixture.location }

    var attempts: Attempts { item?.attempts ?? fixture.attempts }

    /// Milliseconds; 0 when not known.
    var wallMs: Double { item.map { $0.usage?.wallMs ?? 0 } ?? fixture.usage.wallMs }

    /// One sentence: the primary reason with its detail, or what stands for it.
    var sentence: String {
        if let reason = reasons.first { return "\(reason.code.rawValue): \(reason.detail)" }
        return outcome == nil
            ? "not run: \(fixture.reasons.first?.code.rawValue ?? "an earlier case decided")" : "passed"
    }

    /// Everything that explains a result that is no pass: all reasons, the difference of the output, the end of stderr.
    /// Hostile text in it is shown, never passed on.
    var explanation: String {
        var text = reasons.map { "\($0.code.rawValue) (\($0.source.rawValue)): \(TerminalText.escape($0.detail))\n" }
            .joined()
        if let item, let diff = OutputDiff(item) { text += "\n" + diff.text }
        if let stderr = stderrLines {
            text += "\nend of stderr (self_reported):\n" + stderr.map { "  \($0)\n" }.joined()
        }
        return text
    }

    /// The end of stderr line by line, shown; nil when there is none.
    var stderrLines: [String]? {
        if let item { return item.stderr.map { VisibleText.lines($0.bytes) } }
        return fixture.diagnostic.map { VisibleText.lines(Array($0.stderr.utf8)) }
    }
}

extension FixtureReport {
    /// The cases, and the fixture as a whole where it has none or where its verdict has a reason that no case has, such
    /// as a compile error.
    package var entries: [ReportEntry] {
        let all = cases.map { ReportEntry(fixture: self, item: $0) }
        let told = Set(cases.flatMap(\.reasons).map(\.code))
        let isTold = cases.contains { $0.outcome == outcome } && reasons.allSatisfy { told.contains($0.code) }
        return isTold ? all : all + [ReportEntry(fixture: self, item: nil)]
    }
}

extension VerificationReport {
    /// The fixtures, or one entry that fails where there is none: to most readers an empty list of tests is a success.
    var listed: [FixtureReport] {
        if !fixtures.isEmpty { return fixtures }
        return [
            FixtureReport(
                id: "none", location: SourceLocation(file: "."), kind: "none", candidate: "", outcome: .failed,
                reasons: [Reason(.noTestsRan, "no fixture was verified")], assurance: .blackbox)
        ]
    }
}
