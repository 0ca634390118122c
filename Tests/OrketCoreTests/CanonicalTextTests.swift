import OrketCore
import OrketTestSupport
import Testing

@Suite("Canonical text")
struct CanonicalTextTests {
    private static func texts(seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        let alphabet: [Unicode.Scalar] = [
            "a", " ", "\"", "\\", "\n", "\t", "\r", "\0", "\u{1B}", "\u{202E}", "\u{2028}", "\u{85}", "u", "{", "}",
            "n", "\u{E9}",
            "\u{301}", "\u{FEFF}", "\u{E000}",
        ]
        return (0..<3_000).map { _ in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...8, using: &random) { text.append(alphabet.randomElement(using: &random)!) }
            return String(text)
        }
    }

    @Test(
        "a quoted text is one line of visible characters, and two texts never share one",
        arguments: 0..<3 as Range<UInt64>)
    func quotes(seed: UInt64) {
        var owner: [[UInt8]: [UInt8]] = [:]
        for text in Self.texts(seed: seed) {
            let quoted = CanonicalText.quote(text)
            #expect(quoted.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{202E}" })
            #expect(quoted.unicodeScalars.first == "\"" && quoted.unicodeScalars.last == "\"")
            // Bytes: Swift's == takes canonically equivalent texts for one.
            let known = owner.updateValue(Array(text.utf8), forKey: Array(quoted.utf8))
            #expect(known == nil || known == Array(text.utf8), "\(quoted)")
        }
    }

    @Test("making a text visible twice changes nothing more")
    func visible() {
        for text in Self.texts(seed: 9) {
            let once = CanonicalText.visible(text)
            #expect(CanonicalText.visible(once) == once)
            #expect(!once.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" || $0 == "\u{2028}" })
        }
        #expect(CanonicalText.visible("plain \u{E9}") == "plain \u{E9}")
        #expect(CanonicalText.visible("a\u{1B}[2J") == "a\\u{1b}[2J")
    }
}
