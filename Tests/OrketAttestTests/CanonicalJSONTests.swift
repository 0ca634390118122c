import OrketAttest
import OrketCore
import OrketTestSupport
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    private static func text(_ value: JSONValue) throws -> String {
        String(decoding: try CanonicalJSON.bytes(of: value), as: UTF8.self)
    }

    @Test("names are ordered by UTF-16 code units, as in the example of RFC 8785")
    func order() throws {
        // U+1F600 is written with two units that begin with D83D, so it comes before U+FB33.
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"]
        let sorted = ["\\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"]
        let object = JSONValue.object(names.map { .init($0, .integer(1)) })
        #expect(try Self.text(object) == "{" + sorted.map { "\"\($0)\":1" }.joined(separator: ",") + "}")
    }

    @Test("only what must be escaped is, in the shortest way")
    func escapes() throws {
        let value = JSONValue.string("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é")
        #expect(try Self.text(value) == "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é\"")
    }

    @Test("no blanks, and equal values have equal bytes however their members were put together")
    func oneForm() throws {
        let a = try StrictJSON.parse(Array(#"{"b": [1, -2, true, null, {}], "a": ""}"#.utf8))
        let b = try StrictJSON.parse(Array(#" {"a":"","b":[1,-2,true,null,{ }]} "#.utf8))
        #expect(try Self.text(a) == #"{"a":"","b":[1,-2,true,null,{}]}"#)
        #expect(try Self.text(a) == Self.text(b))
    }

    @Test(
        "what readers could take for different values is refused",
        arguments: [
            JSONValue.number(1), .number(0.5), .number(.nan), .integer(1 << 53), .integer(-(1 << 53)), .integer(.min),
            .object([.init("a", .null), .init("a", .null)]),
            .object([.init("\u{e9}", .null), .init("e\u{301}", .null)]), .array([.object([.init("x", .number(2))])]),
        ])
    func refuses(value: JSONValue) {
        let error = #expect(throws: AttestError.self) { try CanonicalJSON.bytes(of: value) }
        #expect(error?.code == .unencodable)
    }

    @Test("nesting is bounded as it is for the reader")
    func depth() throws {
        func nested(_ depth: Int) -> JSONValue { (0..<depth).reduce(.null) { value, _ in .array([value]) } }
        let deepest = try CanonicalJSON.bytes(of: nested(StrictJSON.maximumDepth))
        #expect(try StrictJSON.parse(deepest) == nested(StrictJSON.maximumDepth))
        #expect(throws: AttestError.self) { try CanonicalJSON.bytes(of: nested(StrictJSON.maximumDepth + 1)) }
    }

    @Test(
        "what is written reads back as the same value, and its bytes are the same again",
        arguments: 0..<8 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = try CanonicalJSON.bytes(of: Self.value(&random, depth: 4))
            #expect(try CanonicalJSON.bytes(of: try StrictJSON.parse(bytes)) == bytes)
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        Unicode.Scalar(UInt32.random(in: 0...0x1_2000, using: &random)) ?? "x"
                    }))
        }
        switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: CanonicalJSON.integers, using: &random))
        case 3: return .string(text())
        case 4: return .array((0..<3).map { _ in value(&random, depth: depth - 1) })
        default:
            let names = Set((0..<4).map { _ in text() })
            return .object(names.map { .init($0, value(&random, depth: depth - 1)) })
        }
    }
}
