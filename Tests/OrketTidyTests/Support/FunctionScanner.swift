/// A function, initializer, subscript or computed property with its place.
struct FunctionSpan: Hashable {
    var name: String
    /// Line of the declaration, from 1.
    var line: Int
    /// Lines from the declaration to the closing brace, both counted.
    var length: Int
}

/// Finds the bodies of functions in blanked code: keyword, signature, braces. No parser, but it never counts what it does not
/// understand as short: a body whose brace is missing reaches to the end of the file.
struct FunctionScanner {
    private let text: [Character]
    private let lineOf: [Int]

    init(_ code: [[Character]]) {
        text = Array(code.joined(separator: "\n"))
        var line = 1
        lineOf = text.map { character in
            defer { if character == "\n" { line += 1 } }
            return line
        }
    }

    /// Functions, initializers, subscripts and computed properties, nested ones too.
    func swiftFunctions() -> [FunctionSpan] {
        let keywords: Set<String> = ["func", "init", "deinit", "subscript", "var"]
        var found: [FunctionSpan] = []
        var at = 0
        while at < text.count {
            guard isWordStart(at) else {
                at += 1
                continue
            }
            let word = String(text[at...].prefix(while: Self.isWord))
            let next = at + word.count
            let isCall = at > 0 && text[at - 1] == "."
            if keywords.contains(word), !isCall, let open = body(after: next, isProperty: word == "var") {
                let close = closing(open)
                found.append(
                    FunctionSpan(
                        name: word == "init" || word == "deinit" || word == "subscript" ? word : name(after: next),
                        line: lineOf[at], length: lineOf[close] - lineOf[at] + 1))
            }
            at = next
        }
        return found
    }

    /// Functions of C: a brace outside of all braces, behind a parenthesis.
    func cFunctions() -> [FunctionSpan] {
        var found: [FunctionSpan] = []
        var start = 0
        var at = 0
        while at < text.count {
            switch text[at] {
            case ";": start = at + 1
            case "#" where isLineStart(at):
                at = text[at...].firstIndex(of: "\n") ?? text.count - 1
                start = at + 1
            case "{":
                let close = closing(at)
                let head = text[start..<at]
                if head.last(where: { !$0.isWhitespace }) == ")" {
                    let first = head.firstIndex { !$0.isWhitespace } ?? at
                    let name = String(head.prefix { $0 != "(" }).split { !Self.isWord($0) }.last.map(String.init) ?? "?"
                    found.append(
                        FunctionSpan(name: name, line: lineOf[first], length: lineOf[close] - lineOf[first] + 1))
                }
                at = close
                start = close + 1
            default: break
            }
            at += 1
        }
        return found
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "`"
    }

    private func isWordStart(_ at: Int) -> Bool {
        Self.isWord(text[at]) && (at == 0 || !Self.isWord(text[at - 1]))
    }

    private func isLineStart(_ at: Int) -> Bool { at == 0 || text[at - 1] == "\n" }

    private func name(after at: Int) -> String {
        String(text[at...].drop { $0.isWhitespace }.prefix { !$0.isWhitespace && !"(<:{".contains($0) })
    }

    /// The brace that opens the body of a declaration; nil when there is none, as in a protocol or for a stored property.
    private func body(after start: Int, isProperty: Bool) -> Int? {
        var depth = 0
        for at in start..<text.count {
            switch text[at] {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return at
            case "=" where depth == 0 && isProperty: return nil
            case "}" where depth == 0, ";" where depth == 0: return nil
            case "\n" where depth == 0 && !continues(after: at): return nil
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    /// Whether a signature goes on in the next line.
    private func continues(after newline: Int) -> Bool {
        let rest = text[newline...].drop { $0.isWhitespace }
        let word = String(rest.prefix(while: Self.isWord))
        return rest.first == "{" || rest.starts(with: "->")
            || ["throws", "rethrows", "async", "where"].contains(word)
    }

    private func closing(_ open: Int) -> Int {
        var depth = 0
        for at in open..<text.count {
            if text[at] == "{" { depth += 1 }
            if text[at] == "}" { depth -= 1 }
            if depth == 0 { return at }
        }
        return text.count - 1
    }
}
