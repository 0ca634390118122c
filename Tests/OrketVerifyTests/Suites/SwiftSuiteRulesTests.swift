import OrketCore
import OrketTestSupport
import Testing

@testable import OrketVerify

/// What is decided about Swift suites without running anything.
@Suite("Rules of Swift suites")
struct SwiftSuiteRulesTests {
    private static let names = SwiftNames(
        "# a comment\ntesting expect\ntesting asyncTest\ntop Int\ntop min(_:_:)\nmember count\nmember ==(_:_:)\n")

    private static func symbol(_ kind: String, _ path: [String], _ identifier: String = "s:x") -> JSONValue {
        .object([
            .init("kind", .object([.init("identifier", .string(kind))])),
            .init("identifier", .object([.init("precise", .string(identifier))])),
            .init("pathComponents", .array(path.map { .string($0) })),
        ])
    }

    private static func findings(
        _ own: [JSONValue], foreign: [JSONValue] = [], allowed: [String] = []
    ) throws -> [String] {
        func graph(_ symbols: [JSONValue]) -> [UInt8] {
            Array(JSONValue.object([.init("symbols", .array(symbols))]).text.utf8)
        }
        return try names.findings(
            in: [("Calc.symbols.json", graph(own)), ("Calc@Swift.symbols.json", graph(foreign))], module: "Calc",
            allowed: allowed)
    }

    @Test(
        "what stands for a name of the libraries is found",
        arguments: [
            ("swift.macro", ["anything(_:)"]), ("swift.func", ["expect(_:)"]), ("swift.func", ["asyncTest(_:)"]),
            ("swift.func", ["XCTAssertNew(_:)"]), ("swift.func", ["__check(_:)"]), ("swift.struct", ["Int"]),
            ("swift.func", ["min(_:_:)"]), ("swift.func.op", ["==(_:_:)"]), ("swift.func.op", ["!(_:)"]),
        ])
    func ownNames(kind: String, path: [String]) throws {
        #expect(try Self.findings([Self.symbol(kind, path)]).count == 1)
    }

    @Test("what an honest library declares is not")
    func honestNames() throws {
        let own = [
            Self.symbol("swift.struct", ["Vector"]), Self.symbol("swift.func.op", ["Vector", "==(_:_:)"]),
            Self.symbol("swift.property", ["Vector", "count"]), Self.symbol("swift.func.op", ["+(_:_:)"]),
            Self.symbol("swift.func", ["min(of:)"]), Self.symbol("swift.struct", ["Vector", "Int"]),
        ]
        let foreign = [
            Self.symbol("swift.extension", ["Array"]), Self.symbol("swift.subscript", ["Array", "subscript(safe:)"]),
            Self.symbol("swift.func.op", ["Vector", "!=(_:_:)"], "s:SQsE::SYNTHESIZED::s:4Calc"),
        ]
        #expect(try Self.findings(own, foreign: foreign) == [])
    }

    @Test("members of types of others are found by their whole names, comparisons by any")
    func foreignMembers() throws {
        let foreign = [
            Self.symbol("swift.property", ["Array", "count"]), Self.symbol("swift.func", ["Array", "count(of:)"]),
            Self.symbol("swift.func.op", ["Int", "<(_:_:)"]),
        ]
        #expect(
            try Self.findings([], foreign: foreign) == [
                "the candidate declares Array.count, which stands for a member of the standard library",
                "the candidate declares Int.<(_:_:), which decides comparisons of another module's type",
            ])
        #expect(try Self.findings([Self.symbol("swift.struct", ["Int"])], allowed: ["Int"]) == [])
    }

    @Test("what is no symbol graph is no absence of findings", arguments: ["", "{}", "[]", "{\"symbols\": 1}"])
    func unreadable(text: String) {
        #expect(throws: SwiftNames.Unreadable.self) {
            try Self.names.findings(in: [("Calc.symbols.json", Array(text.utf8))], module: "Calc", allowed: [])
        }
    }

    // MARK: - events

    private static func test(_ id: String, parameterized: Bool = false) -> String {
        #"{"kind":"test","payload":{"id":"\#(id)","kind":"function","isParameterized":\#(parameterized)},"version":0}"#
    }

    private static func event(_ kind: String, _ id: String? = nil, _ more: String = "") -> String {
        let test = id.map { #","testID":"\#($0)""# } ?? ""
        return
            #"{"kind":"event","payload":{"kind":"\#(kind)"\#(test)\#(more),"messages":[{"text":"said"}]},"version":0}"#
    }

    private static func transcript(_ records: [String]) -> SuiteTranscript {
        var transcript = SuiteTranscript(nonce: "n")
        for (number, record) in records.enumerated() {
            _ = transcript.take(
                .object([
                    .init("nonce", .string("n")), .init("number", .integer(Int64(number))),
                    .init("kind", .string("event")), .init("name", .string("")), .init("status", .string("")),
                    .init("detail", .string(record)),
                ]))
        }
        transcript.settle()
        return transcript
    }

    @Test("every test has the result that its events amount to")
    func results() {
        let place = "/a()/A.swift:1:1"
        let plain = ["passes", "fails", "known", "skips", "cancels", "warns", "open"].map { "M.\($0)" + place }
        let records =
            plain.map { Self.test($0) } + [Self.test("M.none" + place, parameterized: true)]
            + [
                Self.event("issueRecorded", plain[1], #","issue":{"isKnown":false,"severity":"error"}"#),
                Self.event("issueRecorded", plain[2], #","issue":{"isKnown":true,"severity":"error"}"#),
                Self.event("testSkipped", plain[3]), Self.event("testCancelled", plain[4]),
                Self.event("issueRecorded", plain[5], #","issue":{"isKnown":false,"severity":"warning"}"#),
            ] + plain.dropLast().map { Self.event("testEnded", $0) }
            + [Self.event("testEnded", "M.none" + place), Self.event("runEnded")]
        let transcript = Self.transcript(records)
        #expect(transcript.forged == nil)
        let found = Dictionary(transcript.tests.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
        #expect(
            found == [
                "M.passes/a()": .passed, "M.fails/a()": .failed, "M.known/a()": .xfailed, "M.skips/a()": .skipped,
                "M.cancels/a()": .skipped, "M.warns/a()": .passed, "M.none/a()": .skipped,
            ], "one that was never ended has no result")
    }

    @Test("a run without an end has no results, an issue of no test is a problem, and equal names keep their places")
    func edges() {
        let ids = ["M.a()/A.swift:1:1", "M.a()/B.swift:1:1"]
        let ended = ids.map { Self.event("testEnded", $0) }
        let open = Self.transcript(ids.map { Self.test($0) } + ended)
        #expect(open.tests.isEmpty)
        let issue = Self.event("issueRecorded", nil, #","issue":{"isKnown":false,"severity":"error"}"#)
        let whole = Self.transcript(ids.map { Self.test($0) } + ended + [issue, Self.event("runEnded")])
        #expect(whole.tests.map(\.id) == ids)
        #expect(whole.problems.map(\.detail) == ["said"])
    }

    @Test(
        "what Swift Testing never writes is a forgery",
        arguments: [
            "", "[]", "{}", #"{"kind":"test"}"#, #"{"kind":"test","payload":{}}"#, #"{"kind":"event","payload":{}}"#,
        ])
    func forgeries(record: String) { #expect(Self.transcript([record]).forged != nil) }

    @Test("no text makes the reader of events trap", arguments: 0..<20)
    func fuzzed(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole = Array((Self.test("M.a()/A.swift:1:1") + Self.event("testEnded", "M.a()/A.swift:1:1")).utf8)
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 32...126, using: &generator)
            }
            var events = SwiftTestEvents()
            _ = events.take(
                String(decoding: bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)), as: UTF8.self))
        }
    }

    // MARK: - classes

    @Test("classes of tests are found with their methods, and what only looks like one is not")
    func classes() {
        let source = """
            /* first */ import XCTest
            // class Comment: XCTestCase { func testNo() {} }
            /* nested /* class Deep: XCTestCase { func testNo() {} } */ */
            let text = "class Text: XCTestCase { func testNo() {} }"
            let raw = #\"\"\"
            class Raw: XCTestCase { func testNo() { \\"\"\" } }
            \"\"\"#
            class Base: XCTestCase {
                func testShared() {}
                func helper() { func testInner() {} }
                func testArguments(_ a: Int) {}
                private func testHidden() {}
                static func testStatic() {}
                func testLater() async throws -> Void { if true { } }
            }
            final class Child: Base { override func testShared() {} }
            extension Child { func testMore() throws {} }
            private final class Hidden: XCTestCase { func testNo() {} }
            class Other: NSObject { func testNo() {} }
            enum Place { class Nested: XCTestCase { func testNo() {} } }
            """
        let found = XCTestClasses([source]).classes
        #expect(found.map(\.name) == ["Base", "Child"])
        #expect(found.first?.methods.map(\.name) == ["testShared", "testLater"])
        #expect(found.first?.methods.map(\.isAsync) == [false, true])
        #expect(found.last?.methods.map(\.name) == ["testShared", "testLater", "testMore"])
        let list = XCTestClasses([source]).source
        #expect(
            list.contains("testCase([(\"testShared\", Base.testShared), (\"testLater\", asyncTest(Base.testLater))]),"))
        #expect(
            XCTestClasses(["class A: B {}\nclass B: A { func testX() {} }", "class C: XCTestCase {"]).classes.isEmpty)
    }

    @Test("the candidate's module is made of its Swift files, not of a manifest or of what is hidden")
    func sources() {
        let files = [
            "Package.swift", "Package@swift-6.swift", "PackageReader.swift", ".build/a.swift", "Sources/A/b.swift",
            "Sources/A/.c.swift", "notes.txt", "Sources/AB/d.swift",
        ].map { InputFile(path: $0, bytes: []) }
        func found(_ sources: String) -> [String] {
            SwiftSuiteBuilder.sources(SwiftSuite(module: "A", sources: sources, declares: []), files).map(\.path)
        }
        #expect(found("") == ["PackageReader.swift", "Sources/A/b.swift", "Sources/AB/d.swift"])
        #expect(found("Sources/A") == ["Sources/A/b.swift"])
    }
}
