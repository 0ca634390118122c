import Testing

@Suite("Lengths")
struct LengthTests {
    private static let sources = Repository.files("Sources/", ".swift", ".c", ".h")
    private static let tests = Repository.files("Tests/", ".swift")

    /// Too long files: more than `limit` lines.
    private static func longFiles(_ files: [SourceFile], limit: Int) -> [String] {
        files.filter { $0.lineCount > limit }.map { "\($0.path): \($0.lineCount) lines, at most \(limit)" }
    }

    private static func longFunctions(_ file: SourceFile, swift: Int = 70, c: Int = 60) -> [String] {
        let isSwift = file.path.hasSuffix(".swift")
        let scanner = FunctionScanner(file.code)
        let functions = isSwift ? scanner.swiftFunctions() : scanner.cFunctions()
        let limit = isSwift ? swift : c
        return functions.filter { $0.length > limit }
            .map { "\(file.path):\($0.line): \($0.name) has \($0.length) lines, at most \(limit)" }
    }

    @Test("no source file has more than 600 lines, and no test file more than 900")
    func files() {
        #expect(Self.sources.count > 100)
        #expect(Self.longFiles(Self.sources, limit: 600) == [])
        #expect(Self.longFiles(Self.tests, limit: 900) == [])
    }

    @Test("half of the source files have at most 120 lines")
    func median() {
        let lengths = Self.sources.map(\.lineCount).sorted()
        #expect(lengths[lengths.count / 2] <= 120)
    }

    @Test("no function has more than 70 lines in Swift, or 60 in C")
    func functions() {
        #expect((Self.sources + Self.tests).flatMap { Self.longFunctions($0) } == [])
    }

    @Test("a file that is one line too long is found")
    func findsLongFile() {
        let file = SourceFile(path: "Sources/A.swift", text: String(repeating: "x\n", count: 601))
        #expect(Self.longFiles([file], limit: 600).count == 1)
        #expect(Self.longFiles([file], limit: 601) == [])
    }

    @Test("the scanner sees every kind of function, and braces in comments and literals do not count")
    func scansSwift() {
        let text = """
            protocol P {
                func required() -> Int
                var stored: Int { get }
            }
            struct S {
                var value = { 1 }()
                var computed: Int {
                    1
                }
                init(
                    a: Int
                ) {
                    self.init("}", #"}"#)  // }
                }
                func long<T>(_ body: (T) -> Void = { _ in }) throws(E)
                    -> Int
                where T: Sendable {
                    /* } /* } */ } */
                    let text = "\\(a.map { "}" }) }"
                    return 1
                }
                subscript(i: Int) -> Int { i }
            }
            """
        let found = FunctionScanner(SourceFile(path: "S.swift", text: text).code).swiftFunctions()
        #expect(
            found == [
                FunctionSpan(name: "stored", line: 3, length: 1), FunctionSpan(name: "computed", line: 7, length: 3),
                FunctionSpan(name: "init", line: 10, length: 5), FunctionSpan(name: "long", line: 15, length: 7),
                FunctionSpan(name: "subscript", line: 22, length: 1),
            ])
    }

    @Test("the scanner sees the functions of C and no tables")
    func scansC() {
        let text = """
            #define BODY(x) { x }
            static const int table[] = {
                1, 2,
            };
            struct s { int a; };
            static int
            first(int a)
            {
                if (a == '{') { return 1; }
                return 2; /* } */
            }
            int second(void) { return 0; }
            """
        let found = FunctionScanner(SourceFile(path: "s.c", text: text).code).cFunctions()
        #expect(
            found == [
                FunctionSpan(name: "first", line: 6, length: 6), FunctionSpan(name: "second", line: 12, length: 1),
            ])
    }

    @Test("a function that is one line too long is found, in both languages")
    func findsLongFunction() {
        let swift = "func f() {\n" + String(repeating: "    x()\n", count: 69) + "}\n"
        #expect(Self.longFunctions(SourceFile(path: "a.swift", text: swift)).count == 1)
        #expect(Self.longFunctions(SourceFile(path: "a.swift", text: swift), swift: 71) == [])
        let c = "int f(void)\n{\n" + String(repeating: "    x();\n", count: 58) + "}\n"
        #expect(Self.longFunctions(SourceFile(path: "a.c", text: c)).count == 1)
    }
}
