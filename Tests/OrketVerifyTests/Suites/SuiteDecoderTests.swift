import OrketCore
import OrketVerify
import Testing

@Suite("Decoder of suites")
struct SuiteDecoderTests {
    private let place = SuitePlace()

    private func fixture(candidate: [(String, String)] = [("calc.py", "x = 1\n")]) throws -> Fixture {
        try place.fixture(
            .pytest, candidate: candidate,
            tests: [
                ("test_a.py", "def test_a(): pass\n"), ("data/one.txt", "1"), ("__pycache__/test_a.pyc", "no tests"),
            ],
            pinned: ["tests/test_a.py::test_a"])
    }

    @Test("reads candidate, tests and pinned ids; caches are left out, and all of it is content but the candidate")
    func reads() throws {
        let fixture = try fixture()
        #expect(fixture.kind == "suite" && fixture.assurance == .inProcess)
        #expect(fixture.suite.candidate.map(\.path) == ["calc.py"])
        #expect(fixture.suite.tests.map(\.path) == ["data/one.txt", "test_a.py"])
        #expect(fixture.suite.pinned == ["tests/test_a.py::test_a"])
        #expect(fixture.places.map(\.id) == fixture.suite.pinned)
        let content = fixture.content.entries.map(\.path)
        #expect(content == ["fixture.yaml", "pinned.txt", "tests/data/one.txt", "tests/test_a.py"])
    }

    private static let bad: [(String, String, Int, String)] = [
        ("runner: pytest", "runner: jest", 7, "bad runner 'jest'"),
        ("runner: pytest", "runner: node-test", 7, "the runner node-test takes the language javascript"),
        ("runner: pytest", "runner: tap", 7, "the runner tap needs a 'command'"),
        ("runner: pytest", "runner: pytest\ncommand: [make]", 8, "'command' belongs to the runner tap"),
        ("runner: pytest", "runner: pytest\nmodule: Calc", 8, "'module' belongs to the runner swift-testing"),
        ("runner: pytest", "runner: swift-testing", 7, "takes the language swift"),
        ("runner: pytest", "runner: swift-testing\nmodule: Testing", 8, "not that of a module of Swift"),
        ("runner: pytest", "runner: swift-testing\nmodule: a-b", 8, "a name of letters, digits"),
        ("runner: pytest", "runner: swift-testing\nmodule: A\nsources: /a", 9, "an absolute path"),
        ("tests: tests", "tests: ../tests", 8, "a path with '..'"),
        ("tests: tests", "tests: gone", 8, "cannot be opened"),
        ("into: tests", "into: a/b", 9, "must be one name"),
        ("into: tests", "into: /tests", 9, "an absolute path"),
        ("pinned: pinned.txt", "pinned: gone.txt", 10, "`orket fixture pin --write` writes it"),
        ("pinned: pinned.txt", "pinned: twice.txt", 2, "duplicate test id 'a'"),
        ("pinned: pinned.txt", "pinned: hole.txt", 2, "an empty line"),
        (
            "source: candidate", "source: candidate\ncontrols: {broken: [candidate]}", 7,
            "has the content of 'candidate'"
        ),
        ("kind: suite", "kind: suite\ncases: []", 4, "unknown key 'cases'"),
    ]

    @Test("names each defect with its line", arguments: bad)
    func namesDefects(old: String, new: String, line: Int, message: String) throws {
        _ = try fixture()
        try place.write("twice.txt", "a\na\n")
        try place.write("hole.txt", "a\n\nb\n")
        let text = String(
            decoding: try HostFile.contents(place.path + "/fixture.yaml", maximumBytes: 1 << 16), as: UTF8.self)
        try place.write("fixture.yaml", text.replacing(old, with: new))
        let refused = #expect(throws: InvalidInput.self) { try FixtureDecoder.read(place.path + "/fixture.yaml") }
        let findings = refused?.findings ?? []
        #expect(findings.contains { $0.line == line && $0.message.contains(message) }, "\(findings)")
    }

    @Test("tests that are no plain text, and links among them, are refused")
    func refusesOtherFiles() throws {
        _ = try fixture()
        try SnapshotPlace.run([
            "/bin/sh", "-c", "cd \(place.path)/tests && printf '\\377' > a.bin && ln -s test_a.py l.py",
        ])
        let refused = #expect(throws: InvalidInput.self) { try FixtureDecoder.read(place.path + "/fixture.yaml") }
        let messages = refused?.findings.map(\.message).sorted() ?? []
        #expect(messages == ["'tests': 'a.bin' is no UTF-8 text", "'tests': 'l.py' is a link; copy what it leads to"])
    }

    @Test("another candidate, another digest; what changes only the tests changes the fixture")
    func digests() throws {
        let first = try fixture()
        try place.write("tests/test_a.py", "def test_a(): assert 1\n")
        let second = try FixtureDecoder.read(first.file)
        #expect(first.content.digest != second.content.digest)
        let other = try FixtureDecoder.read(first.file, source: .none).judging(
            ImportedCandidate(path: place.path + "/tests/test_a.py", into: ContentStore(place.path + "/store")))
        #expect(other.suite.candidate.map(\.path) == ["candidate"])
        #expect(other.content.digest == second.content.digest)
    }

    @Test("pinned ids are written as they are read")
    func roundTrip() throws {
        let ids = ["a", "b c", "x > y #2", "ü[1-\\u00e9]"]
        #expect(try PinnedTests.read(Array(PinnedTests.text(ids).utf8), file: "f") == ids)
        #expect(SuiteTranscript.id("a\nb\u{1B}[0m") == "a\\u{a}b\\u{1b}[0m")
    }
}
