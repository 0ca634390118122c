/// Blanks comments and the contents of literals, so that braces and keywords in them do not count.
///
/// It knows line and (in Swift nested) block comments, strings with escapes and interpolation, multi-line and raw strings, and
/// character literals of C. Regex literals are not known; the house does not use them.
struct CodeScanner {
    private let text: [Character]
    private let isSwift: Bool
    private var at = 0
    private var out: [Character] = []

    init(_ text: String, isSwift: Bool) {
        self.text = Array(text)
        self.isSwift = isSwift
    }

    /// The code by lines.
    mutating func code() -> [[Character]] {
        scan(until: nil)
        return out.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// The first character alone decides nearly always, and cheaply.
    private func starts(_ prefix: String) -> Bool { text[at] == prefix.first && text[at...].starts(with: prefix) }

    private mutating func keep() {
        out.append(text[at])
        at += 1
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where at < text.count {
            out.append(text[at].isNewline ? "\n" : " ")
            at += 1
        }
    }

    /// Copies code up to `end`, which closes an interpolation, or up to the end of the text.
    private mutating func scan(until end: Character?) {
        var depth = 0
        while at < text.count {
            if let end, depth == 0, text[at] == end { return }
            if starts("//") {
                while at < text.count, !text[at].isNewline { blank() }
            } else if starts("/*") {
                comment()
            } else if text[at] == "\"" || (isSwift && opensRawString) {
                string()
            } else if text[at] == "'", !isSwift {
                quoted(by: "'")
            } else {
                if text[at] == "(" { depth += 1 }
                if text[at] == ")" { depth -= 1 }
                keep()
            }
        }
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if starts("/*"), isSwift || depth == 0 {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && at < text.count
    }

    /// Only `#"` and more signs before the quote: a directive such as #if is code.
    private var opensRawString: Bool { text[at] == "#" && text[at...].drop { $0 == "#" }.first == "\"" }

    private mutating func string() {
        guard isSwift else { return quoted(by: "\"") }
        let signs = String(text[at...].prefix { $0 == "#" })
        blank(signs.count)
        let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
        blank(quotes.count)
        while at < text.count, !starts(quotes + signs) {
            if starts("\\" + signs + "(") {
                blank(signs.count + 1)
                keep()
                scan(until: ")")
                if at < text.count { keep() }
            } else if starts("\\" + signs) {
                blank(signs.count + 2)
            } else {
                blank()
            }
        }
        blank(quotes.count + signs.count)
    }

    private mutating func quoted(by quote: Character) {
        blank()
        while at < text.count, text[at] != quote { blank(text[at] == "\\" ? 2 : 1) }
        blank()
    }
}
