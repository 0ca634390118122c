import OrketCore
import OrketVerify
import Testing

@Suite("Corpus decoder")
struct CorpusDecoderTests {
    static let bad: [(String, [String])] = [
        ("{", ["member name"]),
        ("[]", ["must be an object, not an array"]),
        ("", ["bad JSON"]),
        (Records.line([("id", nil)]), ["missing key 'id'"]),
        (Records.line([("id", .integer(3))]), ["'id' must be a string, not a number"]),
        (Records.line([("id", .string(""))]), ["1 to 512 bytes"]),
        (Records.line([("id", .string("a\tb"))]), ["no control characters"]),
        (Records.line([("language", .string("cobol"))]), ["bad language 'cobol': known are bash, c, cpp"]),
        (Records.line([("join", .string("glue"))]), ["bad join 'glue'"]),
        (Records.line([("candidate_file", .string("/etc/passwd"))]), ["an absolute path"]),
        (Records.line([("candidate_file", .string("a/../../b"))]), ["a path with '..'"]),
        (Records.line([("candidate_file", .string("a//b"))]), ["empty component"]),
        (Records.line([("test_file", .string("candidate.py"))]), ["duplicate file name 'candidate.py'"]),
        (Records.line([("test_file", nil)]), ["missing key 'test_file'"]),
        (Records.line([("run", .array([]))]), ["empty argument list"]),
        (Records.line([("run", .array([.string("")]))]), ["names no program"]),
        (Records.line([("run", .array([.string("a\0b")]))]), ["NUL"]),
        (Records.line([("run", .string("python3"))]), ["must be an array of strings"]),
        (Records.line([("compile", .array([]))]), ["'compile' must not be an empty argument list"]),
        (Records.line([("expected_verdict", .string("maybe"))]), ["bad expected_verdict 'maybe'"]),
        (Records.line([("surprise", .bool(true))]), ["unknown key 'surprise'"]),
        (
            Records.line([("extra_files", .object([.init("../x", .string(""))]))]),
            ["'extra_files' has a path with '..'"]
        ),
        (
            Records.line([("extra_files", .object([.init("test.py/x", .string(""))]))]),
            ["duplicate file name 'test.py'"]
        ),
        (Records.line([("extra_files", .object([.init("x", .integer(1))]))]), ["of 'x' must be a string"]),
        (Records.line([("join", .string("stdio"))]), ["needs at least one entry"]),
        (Records.line([("cases", .array([.object([])]))]), ["'stdin' and 'expected_stdout'", "only for join stdio"]),
        (
            Records.line([("language", .null), ("join", .string("x")), ("run", nil), ("y", .null)]),
            ["missing key 'language'", "bad join", "missing key 'run'", "unknown key 'y'"]
        ),
    ]

    @Test("names every defect of a line", arguments: bad)
    func namesDefects(line: String, messages: [String]) {
        let text = Records.line([("id", .string("first"))]) + "\n" + line + "\n"
        let refused = #expect(throws: InvalidInput.self) { try Corpus.decode(Array(text.utf8), file: "c.jsonl") }
        let findings = refused?.findings ?? []
        for message in messages {
            #expect(findings.contains { $0.message.contains(message) }, "\(message) in \(findings)")
        }
        #expect(findings.allSatisfy { $0.file == "c.jsonl" && $0.line == 2 })
    }

    @Test("reports all bad lines at once, and duplicate ids with both places")
    func reportsAll() {
        let text = [Records.line(), "{", Records.line(), "nope", Records.line([("id", .string("b")), ("run", nil)])]
        let refused = #expect(throws: InvalidInput.self) {
            try Corpus.decode(Array(text.joined(separator: "\n").utf8), file: "c")
        }
        #expect(refused?.findings.compactMap(\.line) == [2, 3, 4, 5])
        #expect(refused?.findings[1].message == "duplicate id 'a/1', first in line 1")
    }

    @Test("reads a good record of each join")
    func readsGood() throws {
        let stdio = Records.line([
            ("id", .string("s")), ("join", .string("stdio")), ("test_source", nil), ("test_file", nil),
            ("cases", .array([.object([.init("stdin", .string("1")), .init("expected_stdout", .string("2"))])])),
            ("raw_model_output", .string("x")), ("mutation", .null),
        ])
        let concat = Records.line([
            ("id", .string("k")), ("join", .string("concat")), ("test_file", nil), ("expected_verdict", nil),
            ("extra_files", .object([.init("node.py", .string("n"))])),
        ])
        let records = try Corpus.decode(Array([Records.line(), stdio, concat].joined(separator: "\n").utf8), file: "c")
        #expect(records.map(\.id) == ["a/1", "s", "k"])
        #expect(records[0].files.map(\.path) == ["candidate.py", "test.py"])
        #expect(records[1].files.map(\.path) == ["candidate.py"])
        #expect(records[1].cases.count == 1)
        #expect(records[2].files.map(\.path) == ["candidate.py", "node.py"])
        #expect(String(decoding: records[2].files[0].bytes, as: UTF8.self) == "x = 1\n\nimport candidate\n")
        #expect(records[2].expectedVerdict == nil)
    }

    @Test("bounds the line, the total and the findings")
    func bounds() {
        let text = Array((Records.line() + "\n").utf8)
        var bounds = Corpus.Bounds()
        bounds.lineBytes = 64
        let long = #expect(throws: InvalidInput.self) { try Corpus.decode(text, file: "c", bounds: bounds) }
        #expect(long?.findings.first?.description == "c:1: a line longer than 64 bytes")
        bounds = Corpus.Bounds()
        bounds.totalBytes = 100
        let total = #expect(throws: InvalidInput.self) { try Corpus.decode(text, file: "c", bounds: bounds) }
        #expect(total?.findings.first?.message == "more than 100 bytes of records")
        bounds = Corpus.Bounds()
        bounds.findings = 5
        let many = Array(String(repeating: "x\n", count: 100).utf8)
        let findings = #expect(throws: InvalidInput.self) { try Corpus.decode(many, file: "c", bounds: bounds) }
        #expect(findings?.findings.count == 6)
    }

    @Test("refuses an empty corpus", arguments: ["", "\n"])
    func refusesEmpty(text: String) {
        #expect(throws: InvalidInput.self) { try Corpus.decode(Array(text.utf8), file: "c") }
    }

    @Test("samples evenly and always the same")
    func samples() throws {
        let records = try Records.many(10)
        #expect(Corpus.sample(records, count: 3).map(\.id) == ["r0", "r3", "r6"])
        #expect(Corpus.sample(records, count: 99).count == 10)
    }

    @Test("splits lines across chunk borders")
    func splitsLines() {
        var splitter = LineSplitter(maximumBytes: 4)
        let lines = ["a", "b\ncdef", "g", "\n\nx"].flatMap { splitter.feed(Array($0.utf8)) }
        #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["ab", "", ""])
        #expect(lines.map(\.tooLong) == [false, true, false])
        #expect(lines.map(\.number) == [1, 2, 3])
        let last = splitter.finish()
        #expect(last?.number == 4)
        #expect(last?.terminated == false)
    }
}
