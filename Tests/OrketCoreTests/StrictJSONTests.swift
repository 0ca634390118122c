import OrketCore
import OrketTestSupport
import Testing

@Suite("Strict JSON")
struct StrictJSONTests {
    @Test(
        "accepts what RFC 8259 allows",
        arguments: [
            ("null", JSONValue.null), (" true ", .bool(true)), ("-0", .integer(0)), ("12", .integer(12)),
            ("1.5e2", .number(150)), (#""a\u00e9\ud83d\ude00\n""#, .string("aé😀\n")), ("[]", .array([])),
            (#"{"a":[1,{}]}"#, .object([.init("a", .array([.integer(1), .object([])]))])),
            (#""\u0000""#, .string("\0")),
        ])
    func accepts(text: String, value: JSONValue) throws {
        #expect(try StrictJSON.parse(Array(text.utf8)) == value)
    }

    @Test(
        "refuses what readers disagree about",
        arguments: [
            ("", 0, "ends where a value"), ("{} x", 3, "text after"), (#"{"a":1,"a":2}"#, 7, "duplicate key 'a'"),
            (#"{"a":1,}"#, 7, "member name"), ("[1,]", 3, "a value is expected"), ("01", 0, "leading zero"),
            ("1.", 2, "digits"), ("1e999", 0, "out of range"), ("9223372036854775808", 0, "out of range"),
            ("NaN", 0, "a value"), (#""\ud800""#, 1, "lone surrogate"), (#""\udc00""#, 1, "lone surrogate"),
            ("\"a\u{01}\"", 2, "control character"), (#""a"#, 0, "ends within"), (#""\x""#, 1, "unknown escape"),
            ("\u{FEFF}{}", 0, "a value"), ("{'a':1}", 1, "member name"), ("+1", 0, "a value"),
        ])
    func refuses(text: String, offset: Int, message: String) {
        let problem = #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse(Array(text.utf8)) }
        #expect(problem?.offset == offset)
        #expect(problem?.message.contains(message) == true)
    }

    @Test("refuses bytes that are no UTF-8")
    func refusesInvalidUTF8() {
        #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse([0x22, 0xC0, 0xAF, 0x22]) }
        #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test("bounds nesting")
    func boundsNesting() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try StrictJSON.parse(nested(StrictJSON.maximumDepth))
        #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse(nested(StrictJSON.maximumDepth + 1)) }
        #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse(nested(1_000_000)) }
    }

    @Test("writes text that reads back and cannot steer a terminal")
    func writesSafely() throws {
        let value = JSONValue.object([
            .init(
                "k\u{1B}[2J",
                .array([.null, .bool(false), .integer(-3), .number(0.25), .string("\u{202E}\"\\\n\u{7F}é😀")]))
        ])
        #expect(value.text == #"{"k\u001b[2J":[null,false,-3,0.25,"\u202e\"\\\n\u007fé😀"]}"#)
        #expect(try StrictJSON.parse(Array(value.text.utf8)) == value)
    }

    @Test("survives random mutations without a trap", arguments: 0..<8)
    func survivesMutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let good = Array(#"{"id":"a","n":[1,2.5e3,-0,true,null],"s":"\ud83d\ude00\n","o":{"x":{}}}"#.utf8)
        for _ in 0..<4_000 {
            var bytes = good
            for _ in 0...Int(random.next() % 4) {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                }
                if bytes.isEmpty { bytes = [0x5B] }
            }
            guard let value = try? StrictJSON.parse(bytes) else { continue }
            #expect((try? StrictJSON.parse(Array(value.text.utf8))) == value)
        }
    }
}
