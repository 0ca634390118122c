import OrketCore
import OrketTestSupport
import Testing

@testable import OrketVerify

@Suite("Controls of fixtures")
struct ControlsDecoderTests {
    private let directory = TemporaryDirectory()

    private static let head = """
        schema: 1
        id: sum
        kind: function
        why: because
        language: python
        source: mine.py
        entry: f
        cases: [{id: one, expected: 1}]

        """

    private func decode(_ controls: String, _ source: FixtureDecoder.SourceReading = .required) throws -> Fixture {
        let file = directory.write("fixture.yaml", Self.head + controls)
        return try FixtureDecoder.read(file, source: source)
    }

    private func write(_ files: [String: String]) {
        for (name, text) in files { _ = directory.write(name, text) }
    }

    @Test("controls are what the fixture names; without a reference it is the source")
    func reads() throws {
        write(["mine.py": "m", "good.py": "g", "off.py": "o", "old.py": "b"])
        #expect(try decode("").controls == nil)
        let bare = try #require(try decode("controls: {}\n").controls)
        #expect(bare.reference == ControlFile(path: "mine.py", bytes: Array("m".utf8)))
        #expect(bare.empty && bare.broken.isEmpty && bare.baseline == nil && bare.mutants == MutantRules())
        let full = try #require(
            try decode(
                """
                controls:
                  reference: good.py
                  broken: [off.py]
                  baseline: old.py
                  empty: false
                  mutants: {minimumScore: 0.8, maximum: 9, equivalent: ["1:constant 1 -> 2"]}
                """
            ).controls)
        #expect(full.all.map(\.kind) == [.reference, .broken, .baseline])
        #expect(full.all.map(\.file.path) == ["good.py", "off.py", "old.py"])
        #expect(full.mutants == MutantRules(minimumScore: 0.8, maximum: 9, equivalent: ["1:constant 1 -> 2"]))
    }

    @Test("every defect of controls is told at once, at its place")
    func findings() throws {
        write(["mine.py": "m", "off.py": "m"])
        let refused = #expect(throws: InvalidInput.self) {
            try decode(
                """
                controls:
                  broken: [off.py, ../x.py, 3]
                  baseline: gone.py
                  empty: perhaps
                  more: 1
                  mutants: {minimumScore: 1.5, maximum: 0, equivalent: [a, a], seed: 1}
                """)
        }
        let told = refused?.findings.map { "\($0.line ?? 0): \($0.message)" } ?? []
        #expect(told.count == 10)
        for part in [
            "10: 'off.py' has the content of 'mine.py'", "10: an element of 'broken' is a path with '..'",
            "10: an element of 'broken' must be a string", "11: 'baseline': cannot be opened",
            "12: 'empty' must be true or false", "13: unknown key 'more'",
            "14: 'minimumScore' must be a number above 0",
            "14: 'maximum' must be a whole number", "14: 'a' stands in 'equivalent' twice", "14: unknown key 'seed'",
        ] { #expect(told.contains { $0.hasPrefix(part) }, "\(part) in \(told)") }
    }

    @Test("mutants are asked for only in a language that has them")
    func languages() throws {
        write(["mine.py": "m"])
        let text = Self.head.replacing("kind: function", with: "kind: cli").replacing("python", with: "perl")
            .replacing("entry: f", with: "run: [perl, mine.py]").replacing("expected: 1", with: "expected: \"1\"")
        let refused = #expect(throws: InvalidInput.self) {
            try FixtureDecoder.decode(
                Array((text + "controls: {mutants: {minimumScore: 0.5}}\n").utf8),
                file: directory.path + "/fixture.yaml")
        }
        #expect(
            refused?.findings.map(\.message) == ["there are no mutants for perl; there are for javascript, python"])
    }

    @Test("the digest of a fixture changes with each file that it names, and not with the candidate")
    func content() throws {
        let files = ["good.py": "g", "off.py": "o", "old.py": "b"]
        let controls = "controls: {reference: good.py, broken: [off.py], baseline: old.py}\n"
        write(files.merging(["mine.py": "m"]) { a, _ in a })
        let first = try decode(controls)
        #expect(first.content.entries.map(\.path) == ["fixture.yaml", "good.py", "off.py", "old.py"])
        #expect(first.content.canonicalText.hasPrefix("orket.fixture/1\n"))
        for name in files.keys {
            _ = directory.write(name, "changed")
            #expect(try decode(controls).content.digest != first.content.digest, "\(name)")
            _ = directory.write(name, files[name] ?? "")
        }
        #expect(try decode(controls + "# more\n").content.digest != first.content.digest)
        _ = directory.write("mine.py", "another candidate")
        #expect(try decode(controls).content == first.content)
        #expect(try decode(controls, .none).content == first.content)
        // As its own reference the candidate's file is part of the fixture, whatever is judged in its place.
        let own = try decode("controls: {}\n").content
        #expect(own.entries.map(\.path) == ["fixture.yaml", "mine.py"])
        #expect(try decode("controls: {}\n", .none).content == own)
    }

    @Test("a fixture whose candidate is not there yet can be proven, and not judged")
    func withoutCandidate() throws {
        write(["good.py": "g"])
        #expect(throws: InvalidInput.self) { try decode("controls: {reference: good.py}\n") }
        #expect(try decode("controls: {reference: good.py}\n", .optional).source.bytes == [])
        #expect(throws: InvalidInput.self) { try decode("controls: {}\n", .optional) }
    }
}
