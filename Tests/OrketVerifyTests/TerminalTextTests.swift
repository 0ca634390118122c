import OrketCore
import OrketReports
import Testing

@Suite("Terminal text")
struct TerminalTextTests {
    @Test(
        "escapes everything that steers or deceives",
        arguments: [
            ("plain é 漢 😀", "plain é 漢 😀"), ("\u{1B}[2J", "\\u{1b}[2J"), ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{9B}31m", "\\u{9b}31m"), ("\u{202E}evil", "\\u{202e}evil"), ("\u{200B}", "\\u{200b}"),
            ("\0\u{7F}", "\\u{0}\\u{7f}"),
            ("\u{2028}", "\\u{2028}"), ("\u{FEFF}", "\\u{feff}"), ("\\n", "\\\\n"), ("z\u{334}", "z\\u{334}"),
            ("\u{1B}]0;title\u{07}", "\\u{1b}]0;title\\u{7}"), ("\u{E000}", "\\u{e000}"), ("\u{E0041}", "\\u{e0041}"),
        ])
    func escapes(text: String, shown: String) {
        #expect(TerminalText.escape(text) == shown)
    }

    @Test("no scalar survives that a terminal could act on")
    func escapesAllControls() {
        for value in UInt32(0)...0x1_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = TerminalText.escape(String(scalar))
            let isDangerous = shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
            if isDangerous { Issue.record("U+\(String(value, radix: 16)) is shown as it is") }
        }
    }

    @Test("cuts long text with an ellipsis")
    func cuts() {
        #expect(TerminalText.escape("abcdef", maximumCharacters: 4) == "abc…")
        #expect(TerminalText.escape("abcd", maximumCharacters: 4) == "abcd")
        #expect(TerminalText.escape(String(repeating: "\u{1B}", count: 1_000_000), maximumCharacters: 8).count == 8)
    }

    @Test("a table aligns its columns and has no trailing spaces")
    func table() {
        var table = TextTable(["name", "ms"], rightAligned: [1])
        table.add(["a\u{1B}", "5"])
        table.add(["longer name", "1234"])
        #expect(
            table.text
                == "name           ms\na\\u{1b}          5\nlonger name  1234\n".replacing(
                    "a\\u{1b}          5", with: "a\\u{1b}         5"))
    }

    @Test(
        "columns are counted as a terminal does",
        arguments: [("abc", 3), ("漢字", 4), ("é", 1), ("😀", 2), ("ｆ", 2), ("한", 2), ("\\u{1b}", 6), ("", 0)])
    func width(text: String, columns: Int) { #expect(DisplayWidth.of(text) == columns) }

    @Test("what is cut is never wider than it may be", arguments: 0...9)
    func cutsToWidth(width: Int) {
        for text in ["abcdefgh", "漢字漢字", "a漢b字c", "😀😀😀", "abc"] {
            let cut = DisplayWidth.cut(text, to: width)
            #expect(DisplayWidth.of(cut) <= width)
            #expect(cut == text || width == 0 || cut.hasSuffix("…"))
        }
    }

    @Test("on a terminal the last column takes what is left, and colours stand around the text only")
    func terminal() {
        var table = TextTable(["name", "what"])
        table.add(["a", String(repeating: "漢", count: 30)], colours: [0: .green])
        let narrow = table.text(in: TextStyle(width: 30, hasColour: true))
        #expect(narrow == "name  what\n\u{1B}[32ma\u{1B}[0m     " + String(repeating: "漢", count: 11) + "…\n")
        #expect(table.text.contains(String(repeating: "漢", count: 30)))
    }
}
