import OrketCore
import OrketReports
import Testing

@Suite("Differences of outputs")
struct OutputDiffTests {
    private static func text(_ expected: String, _ actual: String) -> String? {
        OutputDiff(expected: Excerpt(Array(expected.utf8)), actual: Excerpt(Array(actual.utf8)))?.text
    }

    @Test("tells line, column and byte of the first difference, with the lines around it")
    func place() {
        let difference = Self.text("a\nb\nc\nd\nexpected\nf\ng\nh\ni\nj\n", "a\nb\nc\nd\nexpecting\nf\ng\nh\ni\nj\n")
        #expect(
            difference == """
                first difference at line 5, column 7, byte 14: expected "e" U+0065, is "i" U+0069
                  2 | b
                  3 | c
                  4 | d
                - 5 | expected
                + 5 | expecting
                  6 | f
                  7 | g
                  8 | h
                  …

                """)
    }

    @Test(
        "shows what is invisible, and what looks alike by its code point",
        arguments: [
            ("a\tb", "a b", "\"\\t\" U+0009", "a\\tb"), ("a ", "a", "\" \" U+0020", "a\\x20"),
            ("a\r\nb", "a\nb", "\"\\r\" U+000D", "a\\r"), ("a\u{A0}b", "a b", "\"\u{A0}\" U+00A0", "a\\u{a0}b"),
            ("a\u{200B}", "a", "\"\\u{200b}\" U+200B", "a\\u{200b}"),
            ("\u{FEFF}a", "a", "\"\\u{feff}\" U+FEFF", "\\u{feff}a"),
            ("\u{1B}[2J", "", "\"\\u{1b}\" U+001B", "\\u{1b}[2J"), ("pа", "pa", "\"а\" U+0430", "pа"),
            ("\\t", "\t", "\"\\\\\" U+005C", "\\\\t"), ("e\u{301}", "é", "\"e\" U+0065", "e\\u{301}"),
        ])
    func shows(expected: String, actual: String, character: String, line: String) throws {
        let text = try #require(Self.text(expected, actual))
        #expect(text.contains("expected \(character)"))
        #expect(text.contains("- 1 | \(line)\n"))
    }

    @Test("bytes that are no UTF-8 are shown, and the place is that of a whole character")
    func bytes() throws {
        let diff = try #require(
            OutputDiff(expected: Excerpt(Array("xé".utf8)), actual: Excerpt([0x78, 0xC3, 0x28, 0xFF])))
        #expect((diff.line, diff.column, diff.offset) == (1, 2, 1))
        #expect(diff.expected == "\"é\" U+00E9" && diff.actual == "byte 0xc3")
        #expect(diff.text.contains("+ 1 | x\\xc3(\\xff\n"))
    }

    @Test("the newline that ends the last line makes no difference, one more does")
    func newline() throws {
        #expect(Self.text("42\n", "42") == nil)
        let more = try #require(Self.text("42", "42\n\n"))
        #expect(more.contains("expected the end, is the end of the line"))
        #expect(more.contains("  1 | 42\n+ 2 |\n"))
    }

    @Test("a long line is cut around the difference, and what was not kept is said")
    func long() throws {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000)
        let diff = try #require(
            OutputDiff(
                expected: Excerpt(line + Array("A".utf8), totalBytes: 9_999),
                actual: Excerpt(line + Array("B".utf8), totalBytes: 9_999)))
        #expect(diff.column == 3_001)
        #expect(diff.rows.map(\.text.count).max()! <= 165)
        #expect(diff.rows.allSatisfy { $0.text.hasPrefix("…x") } && diff.text.hasSuffix("  …\n"))
    }

    @Test("hostile output costs no more than its size, whatever it is made of")
    func bounded() {
        let size = Excerpt.maximumBytes
        let patterns: [[UInt8]] = [
            [0x0A], [0x80], [0xFF], [0x20], [0xF0, 0x9F], Array("e\u{301}".utf8), [0x1B], [0x00, 0x0A],
        ]
        for (index, pattern) in patterns.enumerated() {
            let bytes = Array(Array(repeating: pattern, count: size / pattern.count).joined())
            for other in [patterns[(index + 1) % patterns.count], []] + [bytes + [1], [1] + bytes] {
                let diff = OutputDiff(
                    expected: Excerpt(bytes, totalBytes: 1 << 40), actual: Excerpt(other, totalBytes: 1 << 40))
                // 3 lines before, at most 8 of each side.
                #expect((diff?.rows.count ?? 0) <= 19)
                #expect((diff?.text.utf8.count ?? 0) <= 19 * 8 * 170)
            }
        }
    }

    @Test("lines are aligned over the few after the first difference")
    func aligns() {
        #expect(
            Self.text("1\n2\n3\n", "1\n3\n")?.split(separator: "\n").dropFirst()
                .elementsEqual(["  1 | 1", "- 2 | 2", "  3 | 3"]) == true)
    }
}
