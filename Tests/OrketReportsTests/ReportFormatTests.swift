import OrketCore
import OrketReports
import Testing

@Suite("Report formats")
struct ReportFormatTests {
    private static let files: [ReportFormat: String] = [
        .table: "rich.txt", .json: "rich.json", .jsonl: "rich.jsonl", .junit: "rich.junit.xml",
        .tap: "rich.tap", .sarif: "rich.sarif.json", .ctrf: "rich.ctrf.json", .github: "rich.github.txt",
        .html: "rich.html",
    ]

    @Test("every format writes the rich report as its file shows", arguments: ReportFormat.allCases)
    func golden(format: ReportFormat) throws {
        let name = try #require(Self.files[format])
        try Golden.check(format.text(of: RichReport.whole), name)
    }

    @Test("what a hidden case read or wrote is in no format", arguments: ReportFormat.allCases)
    func hidesHidden(format: ReportFormat) {
        let text = format.text(of: RichReport.whole)
        #expect(!text.contains(RichReport.secret))
        for part in ["777", "77"] {
            #expect(!text.split { !$0.isNumber }.contains(Substring(part)), "its figures are told: \(part)")
        }
        #expect(text.contains("prints"))
    }

    @Test("no character of a stranger steers, hides or reorders", arguments: ReportFormat.allCases)
    func isHarmless(format: ReportFormat) {
        let texts = [RichReport.whole, RandomReport.whole].map { format.text(of: $0) }
        for scalar in texts.joined().unicodeScalars where scalar != "\n" {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                Issue.record("\(format) has U+\(String(scalar.value, radix: 16))")
            default: break
            }
        }
    }

    @Test("a report without a fixture is well-formed and no pass", arguments: ReportFormat.allCases)
    func empty(format: ReportFormat) {
        #expect(!format.text(of: RichReport.empty).isEmpty || format == .jsonl)
        #expect(RichReport.empty.outcome == .failed && RichReport.empty.exitCode(checkingExpectations: true) == 1)
    }
}
