import Foundation
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
        let text = format.text(of: RichReport.empty)
        #expect(!text.isEmpty || format == .jsonl)
        let listing: Set<ReportFormat> = [.junit, .tap, .sarif, .ctrf, .github]
        #expect(text.contains("no_tests_ran: no fixture was verified") == listing.contains(format))
        #expect(RichReport.empty.outcome == .failed && RichReport.empty.exitCode(checkingExpectations: true) == 1)
    }

    @Test(
        "the published schemas know the codes, outcomes and protections that there are",
        arguments: ["verification", "ctrf"])
    func schemas(name: String) throws {
        let text = try Data(contentsOf: URL(filePath: Golden.root + "/docs/formats/\(name).schema.json"))
        let definitions = try #require(try StrictJSON.parse(Array(text))["$defs"])
        func values(_ value: JSONValue?) -> [String] {
            if case .array(let elements) = value?["enum"] { elements.compactMap(\.string) } else { [] }
        }
        #expect(values(definitions["reason"]?["properties"]?["code"]) == ReasonCode.allCases.map(\.rawValue))
        let degraded = definitions["isolation"]?["properties"]?["degraded"]?["items"]
        #expect(values(degraded) == Protection.allCases.map(\.rawValue))
        let fixture = definitions["fixture"]?["properties"] ?? .null
        let test = definitions["test"]?["properties"]?["extra"]?["properties"] ?? .null
        let assurance = name == "verification" ? fixture["assurance"] : test["assurance"]
        #expect(values(assurance) == Assurance.allCases.map(\.rawValue))
        if name == "verification" { #expect(values(definitions["outcome"]) == Outcome.allCases.map(\.rawValue)) }
    }

    @Test(
        "a large report is written, and SARIF leaves out what GitHub would not take", arguments: ReportFormat.allCases)
    func large(format: ReportFormat) throws {
        var report = RichReport.empty
        let reason = Reason(.nonzeroExit, "exit status 1, expected 0")
        let place = SourceLocation(file: "f", line: 2)
        report.fixtures = (0..<26).map { index in
            FixtureReport(
                id: "f\(index)", location: place, kind: "cli", candidate: "c", outcome: .failed, reasons: [reason],
                assurance: .blackbox,
                cases: (0..<1_000).map {
                    CaseReport(id: "c\($0)", location: place, outcome: .failed, reasons: [reason])
                })
        }
        let text = format.text(of: report)
        #expect(!text.isEmpty)
        guard format == .sarif else { return }
        let run = try StrictJSON.parse(Array(text.utf8))["runs"]
        guard case .array(let runs) = run, case .array(let results) = runs[0]["results"] else {
            Issue.record("no results")
            return
        }
        #expect(results.count == 25_000 && text.contains("1000 results more are left out"))
    }
}
