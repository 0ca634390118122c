import OrketCore
import OrketReports
import Testing

@Suite("Reports for GitHub")
struct GitHubTests {
    private static func report(_ count: Int, _ outcome: Outcome, degraded: [Protection] = []) -> VerificationReport {
        var report = RichReport.empty
        report.fixtures = (0..<count).map { index in
            var fixture = FixtureReport(
                id: "f\(index)", location: SourceLocation(file: "f"), kind: "cli", candidate: "c", outcome: outcome,
                reasons: outcome == .passed ? [] : [Reason(.signal, "ended by signal 11")], assurance: .blackbox)
            fixture.isolation = Isolation(level: .namespaces, degraded: degraded)
            return fixture
        }
        return report
    }

    private static func count(_ kind: String, _ text: String) -> Int {
        text.split(separator: "\n").count { $0.hasPrefix("::\(kind) ") }
    }

    @Test("a step has at most ten errors and ten warnings, and says how many are left out")
    func annotations() {
        let text = ReportFormat.github.text(of: Self.report(25, .failed, degraded: [.landlock]))
        #expect(Self.count("error", text) == 10 && Self.count("warning", text) == 10)
        #expect(text.hasSuffix("orket: failed (25 failed); 30 annotations more are not shown\n"))
        #expect(ReportFormat.github.text(of: Self.report(3, .passed)) == "orket: passed (3 passed)\n")
        #expect(Self.count("error", ReportFormat.github.text(of: Self.report(2, .inconclusive))) == 2)
    }

    @Test("no text of a stranger ends a command or starts one", arguments: 0..<25)
    func escapes(part: Int) {
        var report = RichReport.whole
        // So few that none is left out.
        if part > 0 { report.fixtures = Array(RandomReport.whole.fixtures[(part - 1) * 5..<part * 5]) }
        let text = ReportFormat.github.text(of: report)
        for line in text.unicodeScalars.split(separator: "\n").map({ String(String.UnicodeScalarView($0)) }) {
            #expect(line.hasPrefix("::error file=") || line.hasPrefix("::warning file=") || line.hasPrefix("orket: "))
            guard line.hasPrefix("::") else { continue }
            let properties = line.unicodeScalars.dropFirst(2).prefix { $0 != ":" }
            // file, line and title: a comma or colon of a stranger would make more of them.
            #expect(properties.split(separator: ",").count == 3, "\(line)")
        }
        let percents = text.unicodeScalars.split(separator: "%", omittingEmptySubsequences: false).dropFirst()
        #expect(
            percents.allSatisfy { ["25", "0A", "3A", "2C"].contains(String(String.UnicodeScalarView($0.prefix(2)))) })
    }

    @Test("the summary is as its file shows")
    func summary() throws {
        let text = GitHubReport.summary(RichReport.whole)
        try Golden.check(text, "rich.summary.txt")
        #expect(!text.contains(RichReport.secret))
    }

    @Test(
        "no text of a stranger is Markdown or HTML in the summary", arguments: [false, true])
    func markdown(isRandom: Bool) {
        let text = GitHubReport.summary(isRandom ? RandomReport.whole : RichReport.whole)
        let allowed = ["<details><summary>", "</summary>", "</details>"]
        // Outside of the blocks of code.
        var fence: String?
        for scalars in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = String(String.UnicodeScalarView(scalars))
            // Up to three blanks may stand before a fence.
            let run = String(String.UnicodeScalarView(scalars.drop { $0 == " " }.prefix { $0 == "`" }))
            if let open = fence {
                if run.count >= open.count {
                    #expect(line == open, "a line of a stranger ends the block")
                    fence = nil
                }
            } else if run.count >= 3 {
                fence = run
            } else {
                let rest = allowed.reduce(line) { $0.replacing($1, with: "") }
                #expect(!rest.unicodeScalars.contains { "<>[]*@".unicodeScalars.contains($0) }, "\(line)")
                if line.hasPrefix("|") {
                    #expect(line.unicodeScalars.count { $0 == "|" } == 6, "\(line)")
                }
            }
        }
        #expect(fence == nil)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("<details>") } == text.ranges(of: "</details>").count)
    }

    @Test("a summary that is too long ends after a whole row, with a note", arguments: [400, 5_000, 60_000])
    func limit(bytes: Int) throws {
        let report = Self.report(3_000, .failed)
        let text = GitHubReport.summary(report, maximumBytes: bytes)
        #expect(text.utf8.count <= bytes && text.utf8.count > bytes - 300)
        let last = try #require(text.split(separator: "\n").last)
        let rows = text.split(separator: "\n").count { $0.hasPrefix("| f") && !$0.hasPrefix("| fixture") }
        #expect(last.hasPrefix("\(6_000 - rows) of 6000 rows and details are left out"))
        #expect(GitHubReport.summary(report, maximumBytes: 10) == "")
        #expect(GitHubReport.summary(Self.report(20_000, .failed)).utf8.count <= GitHubReport.maximumSummaryBytes)
    }
}
