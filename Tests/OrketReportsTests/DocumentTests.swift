import Foundation
import OrketCore
import OrketReports
import Testing

@Suite("The page about reports", .serialized)
struct DocumentTests {
    /// The part of a report that the page shows: all of it, but of a page of HTML only what is about the cases.
    private static func shown(_ format: ReportFormat) -> String {
        let text = format.text(of: ExampleReport.whole)
        guard format == .html, let start = text.firstRange(of: "<details"), let end = text.firstRange(of: "</section>")
        else { return text }
        return String(text[start.lowerBound..<end.lowerBound])
    }

    @Test("the page shows each format as it is written", arguments: ReportFormat.allCases)
    func examples(format: ReportFormat) throws {
        let path = Golden.root + "/docs/reports.md"
        let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let heading = try #require(page.firstRange(of: "\n## \(format.rawValue)\n"), "no section \(format.rawValue)")
        let rest = page[heading.upperBound...]
        let open = try #require(rest.firstRange(of: "\n```"))
        let start = try #require(rest[open.upperBound...].firstRange(of: "\n")).upperBound
        let end = try #require(rest[start...].firstRange(of: "\n```\n")).lowerBound
        let shown = Self.shown(format)
        if ProcessInfo.processInfo.environment["ORKET_UPDATE_GOLDEN"] == "1" {
            let updated = page[..<start] + shown + page[page.index(after: end)...]
            try Data(updated.utf8).write(to: URL(filePath: path))
        } else {
            #expect(String(rest[start...end]) == shown)
        }
    }
}
