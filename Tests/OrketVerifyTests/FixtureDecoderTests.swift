import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Fixture decoder")
struct FixtureDecoderTests {
    private let directory = TemporaryDirectory()

    private static let good = """
        schema: 1
        id: sum
        kind: cli
        why: because
        language: c
        source: main.c
        compile: [gcc, main.c]
        run: [./a.out]
        limits:
          wall: 2s
          memory: 64MiB
        cases:
          - id: one
            stdin: "1"
            expected: "1"
          - id: two
            stdinFile: in.txt
            expectedFile: out.txt
            expectedExit: 3
        expect:
          outcome: failed
          reason: wrong_output
        """

    private func decode(_ text: String, _ source: FixtureDecoder.SourceReading = .required) throws -> Fixture {
        _ = directory.write("main.c", "int main;")
        _ = directory.write("in.txt", "2")
        _ = directory.write("out.txt", "two\n")
        let file = directory.write("fixture.yaml", text)
        return try FixtureDecoder.read(file, source: source)
    }

    @Test("reads a good fixture with the files it names")
    func readsGood() throws {
        let fixture = try decode(Self.good)
        #expect(fixture.id == "sum")
        #expect(fixture.language == .c)
        #expect(fixture.source.path == "main.c")
        #expect(fixture.limits == [.wall: 2_000, .memory: 64 << 20])
        #expect(fixture.cli.cases.map(\.id) == ["one", "two"])
        #expect(fixture.cli.cases[1].stdin == Array("2".utf8))
        #expect(fixture.cli.cases[1].expected == Array("two\n".utf8))
        #expect(fixture.cli.cases[1].expectedExit == 3)
        #expect(fixture.expect == Expectation(outcome: .failed, reason: .wrongOutput))
        #expect(fixture.cli.verification(of: fixture).files.map(\.path) == ["main.c"])
    }

    @Test("another candidate takes the place of the source, under its name")
    func takesCandidate() throws {
        let other = directory.write("other.c", "int other;")
        let store = try ContentStore(directory.path + "/store")
        let fixture = try decode(Self.good, .none).judging(ImportedCandidate(path: other, into: store))
        #expect(fixture.expect == Expectation(outcome: .failed, reason: .wrongOutput))
        #expect(fixture.source.path == "main.c")
        #expect(String(decoding: fixture.source.bytes, as: UTF8.self) == "int other;")
        #expect(fixture.candidate == other)
    }

    static let bad: [(String, String, Int, String)] = [
        ("schema: 1", "schema: 2", 1, "'schema' must be 1"),
        ("id: sum", "id: Sum", 2, "1 to 64 of a-z"),
        ("id: sum", "id: 12", 2, "put quotes around 12"),
        ("kind: cli", "kind: sweet", 3, "bad kind 'sweet'"),
        ("why: because", "wy: because", 4, "unknown key 'wy'"),
        ("why: because", "wy: because", 1, "missing key 'why'"),
        ("language: c", "language: cobol", 5, "bad language 'cobol'"),
        ("source: main.c", "source: ../main.c", 6, "a path with '..'"),
        ("source: main.c", "source: gone.c", 6, "cannot be opened"),
        ("compile: [gcc, main.c]", "compile: gcc main.c", 7, "must be a list of strings"),
        ("run: [./a.out]", "run: []", 8, "empty argument list"),
        ("run: [./a.out]", "run: [./a.out, 3]", 8, "put quotes around 3"),
        ("wall: 2s", "wall: 0s", 10, "0"),
        ("memory: 64MiB", "memory: lots", 11, ""),
        ("memory: 64MiB", "memry: 64MiB", 11, "unknown key 'memry'"),
        ("- id: two", "- id: one", 16, "duplicate case id 'one'"),
        ("stdinFile: in.txt", "stdinFile: in.txt\n    stdin: x", 17, "not both"),
        ("expected: \"1\"", "stdout: \"1\"", 15, "unknown key 'stdout'"),
        ("expected: \"1\"", "stdout: \"1\"", 13, "'expected' or 'expectedFile' is missing"),
        ("expected: \"1\"", "expected: 1", 15, "put quotes around 1"),
        ("expectedExit: 3", "expectedExit: 256", 19, "from 0 to 255"),
        ("outcome: failed", "outcome: passed", 22, "'reason' must be absent"),
        ("reason: wrong_output", "reason: wrong", 22, "bad reason 'wrong'"),
        ("kind: cli", "kind: cli\nkind: cli", 3, "duplicate key kind"),
        ("kind: cli", "kind: [", 5, "bad YAML"),
    ]

    @Test("names each defect with its line", arguments: bad)
    func namesDefects(old: String, new: String, line: Int, message: String) {
        let text = Self.good.replacing(old, with: new)
        let refused = #expect(throws: InvalidInput.self) { try decode(text) }
        let findings = refused?.findings ?? []
        #expect(findings.contains { $0.line == line && $0.message.contains(message) }, "\(findings)")
    }

    @Test("reports all defects at once")
    func reportsAll() {
        let text = Self.good.replacing("schema: 1", with: "schema: x").replacing("wall: 2s", with: "wall: 2")
            .replacing("- id: one", with: "- id: O").replacing("outcome: failed", with: "outcome: maybe")
        let refused = #expect(throws: InvalidInput.self) { try decode(text) }
        #expect(refused?.findings.compactMap(\.line).sorted() == [1, 10, 13, 21])
    }

    @Test("refuses what is no mapping", arguments: ["", "- a", "text", "null"])
    func refusesOther(text: String) {
        #expect(throws: InvalidInput.self) { try decode(text) }
    }

    @Test("finds fixtures below a directory and refuses paths that lead to none")
    func finds() throws {
        let found = try FixtureFinder.find([packageRoot + "/fixtures/demo", packageRoot + "/fixtures/demo/"])
        #expect(found.count >= 10)
        #expect(found == found.sorted())
        let refused = #expect(throws: InvalidInput.self) {
            try FixtureFinder.find([packageRoot + "/docs/formats", "/nonexistent/x"])
        }
        #expect(refused?.findings.count == 2)
    }
}
