import OrketCore
import OrketSandbox
import OrketVerify
import OrketTestSupport
import Testing

/// Real candidates that cheat, in real sandboxes, with an honest control for each task and language.
@Suite("Cheating candidates", .serialized)
struct CheatFixtureTests {
    private static let directory = packageRoot + "/fixtures/cheats"

    private static func fixtures() throws -> [Fixture] {
        try FixtureFinder.find([directory]).map { file in try FixtureDecoder.read(file) }
    }

    private static func isHonest(_ fixture: Fixture) -> Bool { fixture.id.hasPrefix("honest-") }

    /// The task of a cheat: the directory that its own is in.
    private static func task(_ fixture: Fixture) -> String {
        let components = fixture.file.split(separator: "/")
        return components.count > 2 ? String(components[components.count - 3]) : ""
    }

    /// The control of a cheat.
    private static func control(_ fixture: Fixture) -> String { "honest-\(task(fixture))-\(fixture.language.rawValue)" }

    /// What a candidate has to do, without who it is and what is expected of it: equal for a cheat and its control.
    private static func work(_ fixture: Fixture) throws -> [String] {
        let text = String(decoding: try HostFile.contents(fixture.file, maximumBytes: 1 << 20), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        let own = ["limits:", "repeat:"]
        return lines.drop { !$0.hasPrefix("language:") }.prefix { !$0.hasPrefix("expect:") }
            .filter { line in !own.contains { line.hasPrefix($0) } }
    }

    private static func checker(_ fixture: Fixture) -> [UInt8] {
        guard case .check(let check) = fixture.body else { return [] }
        return check.source
    }

    @Test(
        "no cheat passes, each is refused for what it does, and every honest control passes", .timeLimit(.minutes(20)))
    func verdicts() async throws {
        let fixtures = try Self.fixtures()
        let verifier = try await RealVerifier(Set(fixtures.map(\.language)))
        let results = await verifier.fixtures.verify(fixtures, jobs: 2)
        await verifier.shutdown()
        #expect(results.count == fixtures.count)
        for item in results {
            let verdict = item.result.verdict
            #expect((verdict.outcome == .passed) == Self.isHonest(item.fixture), "\(item.fixture.id): \(verdict)")
            #expect(item.report.meetsExpectation == true, "\(item.fixture.id): \(verdict)")
        }
        try Self.expectSilence(results)
    }

    /// Of the hidden case, whose arguments its candidate puts everywhere, nothing comes back.
    private static func expectSilence(_ results: [FixtureResult]) throws {
        let item = try #require(results.first { $0.fixture.id == "cheat-19-echoes-hidden-python" })
        guard case .function(let body) = item.fixture.body, let hidden = body.cases.first(where: \.isHidden),
            case .int(let digits)? = hidden.arguments.first
        else {
            Issue.record("\(item.fixture.id) has no hidden case with a number")
            return
        }
        let report = item.report
        let excerpts = report.cases.flatMap { [$0.expected, $0.actual, $0.stderr] }.compactMap { $0 }
        let texts = excerpts.map { String(decoding: $0.bytes, as: UTF8.self) }
        let details = (report.reasons + report.cases.flatMap(\.reasons)).map(\.detail)
        #expect(!details.isEmpty)
        #expect(!(texts + details).contains { $0.contains(digits) })
    }

    @Test("without its guard a checker is left by StopIteration, and the cheat passes: the guard is what holds")
    func endsIteration() async throws {
        let fixture = try #require(try Self.fixtures().first { $0.id == "cheat-22-ends-iteration-python" })
        let store = try PolicyStore.locate()
        let directory = try DriverCopies.changed(
            "python_check.py", " and not issubclass(found, ENDS_OF_ITERATION)", to: "", from: store)
        let supervisor = try await Supervisor()
        let policies = try ToolchainPolicies([.python]) { name throws(InvalidInput) in try store.load(name) }
        let verifier = FixtureVerifier(
            sandbox: supervisor, policies: policies, drivers: try Drivers([.python], directory: directory.path))
        let verdict = await verifier.verify(fixture).result.verdict
        await verifier.shutdown()
        await supervisor.shutdown()
        #expect(verdict == Verdict(.passed))
    }

    @Test("every cheat has a control that does the same work in the same language, and is named after its row")
    func controls() throws {
        let fixtures = try Self.fixtures()
        let cheats = fixtures.filter { !Self.isHonest($0) }
        let honest = Dictionary(uniqueKeysWithValues: fixtures.filter(Self.isHonest).map { ($0.id, $0) })
        #expect(cheats.count >= 60)
        #expect(Set(cheats.map(\.language)).isSuperset(of: [.python, .javascript, .bash, .c, .swift]))
        #expect(Set(cheats.map(Self.control)) == Set(honest.keys))
        #expect(Set(fixtures.map(\.id)).count == fixtures.count)
        for fixture in fixtures { #expect(fixture.file.hasSuffix("/\(fixture.id)/fixture.yaml"), "\(fixture.id)") }
        for fixture in honest.values { #expect(fixture.expect?.outcome == .passed, "\(fixture.id)") }
        for cheat in cheats {
            let parts = cheat.id.split(separator: "-")
            #expect(parts.first == "cheat" && parts.last == cheat.language.rawValue[...], "\(cheat.id)")
            #expect(parts.count > 2 && (1...40).contains(Int(parts[1]) ?? 0), "\(cheat.id)")
            let outcome = try #require(cheat.expect?.outcome)
            #expect(outcome == .failed || outcome == .rejected, "\(cheat.id)")
            let control = try #require(honest[Self.control(cheat)])
            #expect(try Self.work(cheat) == Self.work(control), "\(cheat.id)")
            #expect(Self.checker(cheat) == Self.checker(control), "\(cheat.id)")
        }
    }

    @Test("the answers that cheats look for are not in their own files")
    func answersAreElsewhere() throws {
        for fixture in try Self.fixtures() where Self.task(fixture) == "fnv" {
            let source = String(decoding: fixture.source.bytes, as: UTF8.self)
            for item in fixture.cli.cases {
                let answer = String(decoding: item.expected, as: UTF8.self).dropLast()
                #expect(answer.hasPrefix("fnv-") && !source.contains(answer), "\(fixture.id)")
            }
        }
    }

    /// Cells of the rows of `fixtures/cheats/README.md` that start with a number, in order.
    private static func rows() throws -> [[String]] {
        let bytes = try HostFile.contents(directory + "/README.md", maximumBytes: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }.filter { cells in cells.first.flatMap { Int($0) } != nil }
    }

    @Test("the table tells where each of the forty techniques is shown, and every fixture with control and verdict")
    func table() throws {
        let rows = try Self.rows()
        let techniques = rows.filter { $0.count == 4 }
        let listed = rows.filter { $0.count == 5 }
        let cheats = try Self.fixtures().filter { !Self.isHonest($0) }
        #expect(techniques.count + listed.count == rows.count)
        #expect(techniques.map { $0[0] } == (1...40).map(String.init))
        #expect(listed.count == cheats.count)
        for cells in techniques {
            let count = listed.count { $0[0] == cells[0] }
            #expect(cells[2] == (count == 0 ? "-" : String(count)), "row \(cells[0])")
            #expect(count > 0 || cells[3] != "-", "row \(cells[0]) is shown nowhere")
        }
        for cheat in cheats {
            let cells = try #require(listed.first { $0[2].hasPrefix("[\(cheat.id)](") }, "\(cheat.id)")
            let expect = try #require(cheat.expect)
            let number = try #require(Int(cheat.id.split(separator: "-")[1]))
            #expect(cells[0] == String(number), "\(cheat.id)")
            #expect(cells[3].hasPrefix("[\(Self.control(cheat))]("), "\(cheat.id)")
            #expect(cells[4] == "\(expect.outcome.rawValue): \(expect.reason?.rawValue ?? "")", "\(cheat.id)")
        }
    }
}
