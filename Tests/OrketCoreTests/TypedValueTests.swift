import OrketCore
import OrketTestSupport
import Testing

@Suite("Typed values")
struct TypedValueTests {
    private static func decode(_ text: String) throws -> TypedValue {
        try TypedValue(json: try StrictJSON.parse(Array(text.utf8), deepest: 128))
    }

    private static let one = TypedValue.int(1)

    /// Values that resemble each other and are not equal.
    private static let different: [TypedValue] = [
        .null, .undefined, .bool(false), .bool(true), .int(0), one, .float(1), .float(0.5), .string("1"), .string(""),
        .bytes([49], isMutable: false), .bytes([49], isMutable: true), .complex(1, 0), .sequence(.list, []),
        .sequence(.list, [one]), .sequence(.tuple, [one]), .sequence(.set, [one]), .sequence(.frozenset, [one]),
        .sequence(.list, [one, one]), .sequence(.list, [.sequence(.list, [one])]), .dictionary([]),
        .dictionary([.init(.string("1"), one)]), .dictionary([.init(one, one)]), .sequence(.list, [.string("1,i1")]),
        .sequence(.list, [.string("1\",\"i1")]), .string("\u{e9}"), .string("e\u{301}"),
    ]

    @Test("a value equals itself and nothing that only looks like it")
    func equality() {
        for (index, value) in Self.different.enumerated() {
            for (other, candidate) in Self.different.enumerated() {
                #expect((value == candidate) == (index == other), "\(value) and \(candidate)")
            }
        }
    }

    @Test("order and repetition count where the kind has them, NaN equals nothing, zero has no sign")
    func rules() {
        let two = TypedValue.int(2)
        #expect(TypedValue.sequence(.list, [Self.one, two]) != .sequence(.list, [two, Self.one]))
        #expect(TypedValue.sequence(.set, [Self.one, two]) == .sequence(.set, [two, Self.one, two]))
        #expect(
            TypedValue.dictionary([.init(Self.one, two), .init(two, Self.one)])
                == .dictionary([.init(two, Self.one), .init(Self.one, two)]))
        #expect(TypedValue.float(.nan) != .float(.nan))
        #expect(TypedValue.sequence(.tuple, [.float(.nan)]) != .sequence(.tuple, [.float(.nan)]))
        #expect(TypedValue.float(0) == .float(-0.0))
    }

    @Test("what is written is read back as the same value")
    func roundTrip() throws {
        let big = "-" + String(repeating: "9", count: 5_000)
        for value in Self.different + [
            .int(big), .float(1e-7), .float(-.infinity), .float(.leastNonzeroMagnitude), .int(Int.min),
        ] {
            #expect(try Self.decode(value.json.text) == value)
        }
        #expect(TypedValue.int("9007199254740993").json.text == #"{"int":"9007199254740993"}"#)
    }

    @Test(
        "a document that is no value is refused",
        arguments: [
            "1.5", #"{"float":"0x1p3"}"#, #"{"float":" 1"}"#, #"{"float":1}"#, #"{"int":"01"}"#, #"{"int":"1e3"}"#,
            #"{"int":"-0"}"#, #"{"int":""}"#, #"{"bytes":"0"}"#, #"{"bytes":"0G"}"#, #"{"list":[]}"#,
            #"{"dict":[[1]]}"#,
            #"{"dict":[[1,2],[1,3]]}"#, #"{"tuple":1}"#, #"{"what":1}"#, "{}", #"{"int":"1","float":"1"}"#,
            #"{"undefined":1}"#, #"{"complex":["1"]}"#, #"{"set":{}}"#,
        ])
    func refusals(_ text: String) {
        #expect(throws: TypedValue.Problem.self) { try Self.decode(text) }
    }

    @Test("a summary is short, whatever the value is")
    func summaries() {
        let wide = TypedValue.sequence(
            .list, Array(repeating: .string(String(repeating: "x", count: 1_000)), count: 1_000))
        #expect(wide.summary().count <= 203)
        #expect(
            TypedValue.dictionary([.init(.string("a\u{1b}"), .sequence(.tuple, [Self.one, .null]))]).summary()
                == #"{"a\u001b": tuple(1, null)}"#)
    }

    @Test("random documents are read or refused, and what is read survives another round")
    func fuzz() {
        var generator = SeededGenerator(seed: 20_261_125)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"int\"", "\"dict\"", "\"tuple\"", "\"1\"", "1", "null", "\"\"", "\"bytes\"",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                pieces.randomElement(using: &generator)!
            }.joined()
            guard let value = try? Self.decode(text) else { continue }
            #expect(try! Self.decode(value.json.text) == value)
        }
    }
}
