import OrketCore
import OrketReports
import Testing

/// What the programs of others make of the reports.
@Suite("Readers of others", .timeLimit(.minutes(20)))
struct ReaderTests {
    private static let reports = [RichReport.whole, RichReport.empty, ExampleReport.whole, RandomReport.whole]
    private static let schemas = Golden.root + "/Tests/Schemas/"
    private static let formats = Golden.root + "/docs/formats/"

    struct Suite: Decodable {
        var name: String
        var counts: [Int]
        var cases: [Case]
        var types: [String?]
    }

    struct Case: Decodable, Hashable {
        var name: String
        var results: [String]

        init(_ name: String, _ results: String...) { (self.name, self.results) = (name, results) }

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            name = try list.decode(String.self)
            results = try list.decode([String].self)
        }
    }

    @Test("JUnit is valid by both schemas in use", arguments: ["JUnit-windyroad.xsd", "junit-10.xsd"])
    func junitSchemas(schema: String) throws {
        guard Reader.isThere() else { return }
        for report in Self.reports {
            let text = ReportFormat.junit.text(of: report)
            #expect(try Reader.read("xsd", schema: Self.schemas + schema, text, as: [String].self) == [])
        }
        let bad = ReportFormat.junit.text(of: RichReport.whole).replacing("system-err", with: "system-error")
        #expect(try !Reader.read("xsd", schema: Self.schemas + schema, bad, as: [String].self).isEmpty)
    }

    @Test("a reader of JUnit finds every case with the result that it has, and no inconclusive one among the failures")
    func junit() throws {
        guard Reader.isThere() else { return }
        let suites = try Reader.read("junit", ReportFormat.junit.text(of: RichReport.whole), as: [Suite].self)
        #expect(
            suites.map(\.counts) == [
                [2, 0, 0, 0], [4, 4, 0, 0], [2, 1, 0, 1], [1, 1, 0, 0], [2, 0, 1, 1], [1, 0, 1, 0], [1, 0, 0, 0],
                [1, 1, 0, 0],
            ])
        #expect(suites[1].cases.map(\.name) == ["shown", "cut", "secret", "silent"])
        #expect(suites[2].cases == [Case("small", "Skipped"), Case("builds", "Failure")])
        #expect(suites[3].types == ["rejected.artifact_rejected"])
        #expect(suites[4].cases == [Case("first", "Error"), Case("second", "Skipped")])
    }

    @Test(
        "JSON of every kind is valid by its schema",
        arguments: [
            (ReportFormat.json, "verification.schema.json"), (.ctrf, "ctrf.schema.json"),
            (.sarif, "sarif-schema-2.1.0.json"),
        ])
    func jsonSchemas(format: ReportFormat, schema: String) throws {
        guard Reader.isThere() else { return }
        let path = (format == .sarif ? Self.schemas : Self.formats) + schema
        for report in Self.reports {
            #expect(try Reader.read("schema", schema: path, format.text(of: report), as: [String].self) == [])
        }
        let bad = format.text(of: RichReport.whole).replacing("\"line\":", with: "\"lime\":")
            .replacing("\"startLine\":", with: "\"startLime\":")
        #expect(try !Reader.read("schema", schema: path, bad, as: [String].self).isEmpty)
    }

    @Test("a reader of SARIF counts one error for each case that is no pass, by its rule")
    func sarif() throws {
        guard Reader.isThere() else { return }
        let summary = try Reader.withFile(ReportFormat.sarif.text(of: RichReport.whole)) { file in
            try Reader.run(Reader.environment + "/bin/sarif", ["summary", file])
        }
        #expect(summary.contains("error: 9\n") && summary.contains("warning: 0\n"))
        #expect(summary.contains(" - wrong_output prints/ ...: 3\n"))
        #expect(!summary.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
    }

    struct Point: Decodable {
        var ok: Bool
        var skip: Bool
        var todo: Bool
        var description: String
        var outcome: String?
        var line: Int?
    }

    @Test("readers of TAP see the verdict of every fixture, and nothing as skipped or to be done")
    func tap() throws {
        let text = ReportFormat.tap.text(of: RichReport.whole)
        // This perl knows version 13, which has no subtests: it sees them as lines of no meaning.
        let lines = try Reader.withFile(text) { file in
            try Reader.run("/usr/bin/perl", [Golden.root + "/Tests/Readers/tap.pl", file])
        }.split(separator: "\n").map(String.init)
        let verdicts = RichReport.whole.fixtures.map { $0.outcome == .passed }
        #expect(
            lines.filter { $0.contains("ok ") }
                == zip(1..., verdicts).map { "\($1 ? "ok" : "not ok") \($0) -" })
        #expect(lines.filter { $0.hasPrefix("error ") && !$0.contains("TAP specified version 14") } == [])
        #expect(lines.last == "plan 8 failed 6")
        #expect(lines.contains("yaml failed 8") && lines.contains("yaml inconclusive 5"))
        guard Reader.isThere() else { return }
        let points = try Reader.read("tap", text, as: [Point].self)
        #expect(points.map(\.ok) == verdicts && points.allSatisfy { !$0.skip && !$0.todo })
        #expect(
            points.map(\.outcome)
                == verdicts.indices.map { verdicts[$0] ? nil : RichReport.whole.fixtures[$0].outcome.rawValue })
        #expect(points.last?.line == 3)
    }

    @Test("no text makes a point of TAP of another kind or number")
    func hostileTAP() throws {
        let text = ReportFormat.tap.text(of: RandomReport.whole)
        let verdicts = RandomReport.whole.fixtures.map { $0.outcome == .passed }
        let lines = try Reader.withFile(text) { file in
            try Reader.run("/usr/bin/perl", [Golden.root + "/Tests/Readers/tap.pl", file])
        }.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
                == zip(1..., verdicts).map { "\($1 ? "ok" : "not ok") \($0) -" })
        #expect(lines.filter { $0.hasPrefix("error ") && !$0.contains("TAP specified version 14") } == [])
        guard Reader.isThere() else { return }
        #expect(try Reader.read("tap", text, as: [Point].self).map(\.ok) == verdicts)
    }

    struct Page: Decodable {
        var defects: [String]
        var open: [String]
        var tags: [String]
        var policy: String?
    }

    @Test("the page loads nothing, runs nothing and closes what it opens, whatever the candidate wrote")
    func html() throws {
        guard Reader.isThere() else { return }
        for report in Self.reports {
            let page = try Reader.read("html", ReportFormat.html.text(of: report), as: Page.self)
            #expect(page.defects == [] && page.open == [])
            #expect(page.policy == "default-src 'none'; style-src 'unsafe-inline'")
            #expect(
                Set(page.tags).isDisjoint(with: [
                    "script", "link", "img", "iframe", "object", "form", "base", "image", "use",
                ]))
        }
    }
}
