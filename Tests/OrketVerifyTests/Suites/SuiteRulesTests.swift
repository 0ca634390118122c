import OrketCore
import OrketVerify
import Testing

@Suite("Verdicts over suites")
struct SuiteRulesTests {
    typealias Entry = (kind: String, name: String, status: String)

    private static func transcript(_ entries: [Entry], ends: Bool = true) -> SuiteTranscript {
        var transcript = SuiteTranscript(nonce: "n")
        let all = entries + (ends ? [("end", "", "")] : [])
        for (number, entry) in all.enumerated() {
            _ = transcript.take(message(number, entry))
        }
        return transcript
    }

    private static func message(_ number: Int, _ entry: Entry, nonce: String = "n") -> JSONValue {
        .object([
            .init("nonce", .string(nonce)), .init("number", .integer(Int64(number))),
            .init("kind", .string(entry.kind)),
            .init("name", .string(entry.name)), .init("status", .string(entry.status)), .init("detail", .string("")),
        ])
    }

    private static func test(_ name: String, _ status: String = "passed") -> Entry { ("test", name, status) }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var entries: [(kind: String, name: String, status: String)]
        var ends = true
        var run = Results.exited(0)
        var outcome: Outcome
        var reasons: [ReasonCode]
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "exactly the pinned", entries: [test("b"), test("a")], outcome: .passed, reasons: []),
        Row(name: "nothing", entries: [], outcome: .failed, reasons: [.noTestsRan]),
        Row(name: "one missing", entries: [test("a")], outcome: .failed, reasons: [.missingExpectedTest]),
        Row(
            name: "one more", entries: [test("a"), test("b"), test("c")], outcome: .failed, reasons: [.unexpectedTest]),
        Row(
            name: "one in place of another", entries: [test("a"), test("c")], outcome: .failed,
            reasons: [.missingExpectedTest, .unexpectedTest]),
        Row(
            name: "one fails", entries: [test("a"), test("b", "failed")], outcome: .failed, reasons: [.resultMismatch]),
        Row(name: "one errs", entries: [test("a"), test("b", "error")], outcome: .failed, reasons: [.resultMismatch]),
        Row(
            name: "one skipped", entries: [test("a"), test("b", "skipped")], outcome: .failed,
            reasons: [.missingExpectedTest]),
        Row(
            name: "all skipped", entries: [test("a", "skipped"), test("b", "skipped")], outcome: .failed,
            reasons: [.allSkipped]),
        Row(name: "a file skipped", entries: [("problem", "f", "skipped")], outcome: .failed, reasons: [.allSkipped]),
        Row(
            name: "a file that cannot be loaded", entries: [("problem", "f", "failed")], outcome: .failed,
            reasons: [.missingExpectedTest, .missingExpectedTest, .resultMismatch]),
        Row(name: "xfail", entries: [test("a"), test("b", "xfailed")], outcome: .failed, reasons: [.resultMismatch]),
        Row(name: "xpass", entries: [test("a"), test("b", "xpassed")], outcome: .failed, reasons: [.resultMismatch]),
        Row(
            name: "twice", entries: [test("a"), test("a"), test("b")], outcome: .rejected,
            reasons: [.resultChannelForged]),
        Row(
            name: "an unknown status", entries: [test("a", "fine")], outcome: .rejected, reasons: [.resultChannelForged]
        ),
        Row(
            name: "an unknown kind", entries: [("verdict", "", "passed")], outcome: .rejected,
            reasons: [.resultChannelForged]),
        Row(
            name: "more after the end", entries: [test("a"), test("b"), ("end", "", "")], outcome: .rejected,
            reasons: [.resultChannelForged]),
        Row(
            name: "a replaced runner", entries: [test("a"), test("b"), ("tampered", "unittest.x", "")],
            outcome: .rejected,
            reasons: [.tamperedTests]),
        Row(
            name: "no end", entries: [test("a"), test("b")], ends: false, outcome: .failed,
            reasons: [.missingExpectedTest]),
        Row(
            name: "a bad end of the process", entries: [test("a"), test("b")], run: Results.exited(3), outcome: .failed,
            reasons: [.nonzeroExit]),
        Row(
            name: "a failed test explains the exit status", entries: [test("a"), test("b", "failed")],
            run: Results.exited(1), outcome: .failed, reasons: [.resultMismatch]),
        Row(
            name: "stopped by the host", entries: [test("a")], ends: false, run: Results.stopped(.failed, .wallTime),
            outcome: .failed, reasons: [.wallTime, .missingExpectedTest]),
        Row(
            name: "a forgery for which it was ended", entries: [test("a"), test("a")],
            run: Results.stopped(.cancelled, .cancelled), outcome: .rejected, reasons: [.resultChannelForged]),
        Row(
            name: "our side failed", entries: [test("a"), test("b")],
            run: Results.stopped(.inconclusive, .hostResource),
            outcome: .inconclusive, reasons: [.hostResource]),
    ]

    @Test("only exactly the pinned tests, each passed, with a good end, are a pass", arguments: rows)
    func decides(_ row: Row) {
        let (whole, cases) = SuiteRules.verdict(
            pinned: ["a", "b"], transcript: Self.transcript(row.entries, ends: row.ends), run: row.run)
        #expect(whole.outcome == row.outcome)
        #expect(whole.reasons.map(\.code) == row.reasons)
        #expect(cases.count == (row.outcome == .inconclusive ? 0 : 2))
        // No reader of the cases alone may take the suite for a pass.
        #expect(cases.allSatisfy { $0.outcome == .passed } == (row.outcome == .passed || cases.isEmpty))
    }

    @Test("a message without the nonce, out of order or of another form is a forgery")
    func refusesForgeries() {
        let forged: [JSONValue] = [
            Self.message(0, Self.test("a"), nonce: "m"), Self.message(1, Self.test("a")), .null, .array([]),
            .object([.init("nonce", .string("n")), .init("number", .integer(0))]),
        ]
        for message in forged {
            var transcript = SuiteTranscript(nonce: "n")
            let goesOn = transcript.take(message)
            #expect(!goesOn)
            #expect(transcript.forged != nil)
        }
    }

    @Test("of ten thousand reasons a bounded number is told, and how many there are more")
    func bounds() {
        let pinned = (0..<10_000).map { "test \($0)" }
        let (whole, _) = SuiteRules.verdict(
            pinned: pinned, transcript: Self.transcript([Self.test("test 0")]), run: Results.exited(0))
        #expect(whole.reasons.count == 21)
        #expect(whole.reasons.last?.detail == "and 9979 more")
    }
}

@Suite("Reader of TAP")
struct TAPReaderTests {
    private func read(_ text: String) -> SuiteTranscript {
        var transcript = SuiteTranscript(nonce: "")
        TAPReader.read(Array(text.utf8), into: &transcript)
        return transcript
    }

    @Test("reads names, directives, comments, subtests and blocks")
    func reads() {
        let transcript = read(
            """
            TAP version 14
            # a comment
            ok 1 - adds
                ok 1 - inner
                1..1
            not ok 2 - subtracts \\# no directive
              ---
              message: none
              ...
            ok 3 - later # SKIP no network
            not ok 4 - soon # T\u{4F}DO
            ok # todo
            ok
            1..6

            """)
        #expect(
            transcript.tests.map(\.id) == ["adds", "subtracts \\# no directive", "later", "soon", "test 5", "test 6"])
        #expect(transcript.tests.map(\.status) == [.passed, .failed, .skipped, .xfailed, .xpassed, .passed])
        #expect(transcript.hasEnded && transcript.forged == nil)
    }

    @Test(
        "what is no whole TAP is no end",
        arguments: ["", "ok 1 - a\n", "1..2\nok 1 - a\n", "1..1\nBail out! no disk\nok 1 - a\n"])
    func isNoEnd(text: String) {
        let transcript = read(text)
        #expect(!transcript.hasEnded && transcript.forged == nil)
    }

    @Test(
        "what no TAP program writes is refused",
        arguments: [
            "1..1\nok 2 - a\n", "1..1\n1..1\nok\n", "1..x\n", "1..-1\n", "1..1\nok\nok\n", "okay\n1..1\n",
            "1..2\nok 1 - a\nok 2 - a\n",
            "1..99999999\n", "PASSED\n1..1\nok 1\n",
        ])
    func refuses(text: String) {
        #expect(read(text).forged != nil)
    }
}
