import OrketCore
import OrketVerify
import Testing

@Suite("Matchers")
struct MatcherTests {
    @Test(
        "an expression matches what it says, by lines",
        arguments: [
            ("a+b", "xaab", true), ("^a+b$", "xaab", false), ("^b$", "a\nb\nc", true), ("a.c", "a\nc", false),
            ("(ab|cd){2}", "abcd", true), ("(ab|cd){3}", "abcd", false), ("x{2,3}y", "xy", false),
            ("x{2,}y", "xxxxy", true),
            ("[^a-c]z", "bz", false), ("[]a]z", "]z", true), ("\\d+\\.\\d", "1.5", true), ("\\D", "123", false),
            ("(a*)*b", "aaab", true), ("(|a)*$", "", true), ("\u{e4}.", "\u{e4}\u{1F600}", true), ("a{0}b", "b", true),
        ])
    func regex(_ pattern: String, _ text: String, _ matches: Bool) throws {
        #expect(try LinearRegex(pattern).matches(Array(text.utf8)) == matches)
    }

    @Test(
        "what could explode or is not known is refused",
        arguments: [
            "(a", "a)", "*a", "a**", "a{2", "a{3,2}", "a{501}", "[a", "[z-a]", "\\1", "\\b", "(?=a)", "a\\",
            "((a{100}){100}){100}", String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
            String(repeating: "a", count: 1_001),
        ])
    func refusedRegex(_ pattern: String) {
        #expect(throws: RegexProblem.self) { try LinearRegex(pattern) }
    }

    @Test("texts that make backtracking engines hang cost one pass")
    func linear() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 50_000)
        #expect(try !LinearRegex("(a*)*(a|aa)+(a?){20}b").matches(text))
        #expect(
            TextMatcher(contains: [String(repeating: "a", count: 1_000) + "b"]).problems(MatchedText(text), "x").count
                == 1)
    }

    @Test("rules of a text all hold or are told, without a word of what was expected")
    func texts() throws {
        let matcher = TextMatcher(
            equals: Array("one\ntwo\n".utf8), contains: ["SECRET"],
            regex: [try LinearRegex("^t.o$"), try LinearRegex("SECRET")],
            lines: ["one", "SECRET"])
        #expect(
            matcher.problems(MatchedText(Array("one\ntwo".utf8)), "stdout") == [
                "stdout lacks text 1 of 'contains'", "stdout does not match expression 2 of 'regex'",
                "line 2 of stdout is another one than expected",
            ])
        #expect(TextMatcher(lines: []).problems(MatchedText([]), "x") == [])
        #expect(TextMatcher(lines: [""]).problems(MatchedText([10]), "x") == [])
        #expect(
            TextMatcher(lines: ["a"]).problems(MatchedText(Array("a\nb".utf8)), "x") == ["x has 2 lines, 1 expected"])
        var stream = CapturedStream()
        (stream.head, stream.byteCount) = ([1, 2], 9)
        #expect(
            TextMatcher(contains: [""]).problems(MatchedText(stream), "x") == ["x has 9 bytes, more than are looked at"]
        )
    }

    @Test("a path leads where it says, or is refused")
    func paths() {
        #expect(JSONAssertion.steps("$") == [])
        #expect(JSONAssertion.steps("$.a.b[0]") == [.member("a"), .member("b"), .element(0)])
        #expect(JSONAssertion.steps("$[\"a b\"][12].c-d") == [.member("a b"), .element(12), .member("c-d")])
        for bad in ["", "a", "$.", "$a", "$..a", "$[01]", "$[-1]", "$[1", "$[\"a]", "$[]", "$. a"] {
            #expect(JSONAssertion.steps(bad) == nil, "\(bad)")
        }
    }

    private static func problems(
        _ path: String, _ text: String, equals: JSONValue? = nil, type: JSONAssertion.ValueType? = nil,
        length: Int? = nil
    ) -> [String] {
        let assertion = JSONAssertion(
            path: path, steps: JSONAssertion.steps(path) ?? [], equals: equals, type: type, length: length)
        return JSONAssertion.problems([assertion], MatchedText(Array(text.utf8)), "stdout")
    }

    @Test("JSON is compared by type and value; only the order of members says nothing")
    func json() {
        let text = #"{"a": [1, 1.0, true, null, "\u00e9"], "b": {"x": 1, "y": []}}"#
        #expect(Self.problems("$.a[0]", text, equals: .integer(1), type: .integer) == [])
        #expect(
            Self.problems("$.a[1]", text, equals: .integer(1)) == ["$.a[1] of stdout is another value than expected"])
        #expect(Self.problems("$.a[2]", text, equals: .integer(1)).count == 1)
        #expect(Self.problems("$.a[4]", text, equals: .string("e\u{301}")).count == 1)
        #expect(Self.problems("$.a[1]", text, type: .integer) == ["$.a[1] of stdout is a number, not of type integer"])
        #expect(Self.problems("$.a[0]", text, type: .number) == [])
        #expect(Self.problems("$.a", text, length: 4) == ["$.a of stdout has the length 5, not 4"])
        #expect(Self.problems("$.a[5]", text, type: .null) == ["$.a[5] of stdout is not there"])
        let members = JSONValue.object([.init("y", .array([])), .init("x", .integer(1))])
        #expect(Self.problems("$.b", text, equals: members) == [])
        #expect(Self.problems("$", "{\"a\": 1, \"a\": 1}", type: .object).count == 1)
        #expect(Self.problems("$", String(repeating: "[", count: 100_000), type: .array).count == 1)
    }
}
