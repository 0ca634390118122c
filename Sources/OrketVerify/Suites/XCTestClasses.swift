import OrketCore

/// Finds the tests of XCTest in the text of a fixture's own tests. Where there is no Objective-C, XCTest runs what it is given a
/// list of; the list is compiled with the tests. What is found wrongly shows when the fixture is pinned, or does not compile.
struct XCTestClasses {
    /// A class of tests, with its methods in order.
    struct Class: Hashable {
        var name: String
        var parent: String
        var methods: [Method]
    }

    struct Method: Hashable {
        var name: String
        var isAsync: Bool
    }

    private var found: [Class] = []
    private var extensions: [String: [Method]] = [:]

    /// Looks at all of `sources`.
    init(_ sources: [String]) {
        for source in sources { scan(Self.tokens(source)) }
    }

    /// Classes that descend from XCTestCase, each with what it inherits from others of them.
    var classes: [Class] {
        let byName = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return found.compactMap { item in
            var methods: [Method] = []
            var next: Class? = item
            var names: Set<String> = []
            while let current = next, names.insert(current.name).inserted {
                let own = current.methods + extensions[current.name, default: []]
                methods = own + methods.filter { inherited in !own.contains { $0.name == inherited.name } }
                if current.parent == "XCTestCase" {
                    return Class(name: item.name, parent: item.parent, methods: methods)
                }
                next = byName[current.parent]
            }
            return nil
        }.filter { !$0.methods.isEmpty }
    }

    /// A Swift file with a function that fills in the list.
    var source: String {
        let lines = classes.map { item in
            let methods = item.methods.map { method in
                let function = "\(item.name).\(method.name)"
                return "(\"\(method.name)\", \(method.isAsync ? "asyncTest(\(function))" : function))"
            }
            return "        testCase([\(methods.joined(separator: ", "))]),\n"
        }
        return """
            /* made by orket */ import XCTest
            @_cdecl("orket_xctest_entries") public func orketXCTestEntries(_ list: UnsafeMutableRawPointer) {
                list.assumingMemoryBound(to: [XCTestCaseEntry].self).pointee = [
            \(lines.joined())    ]
            }

            """
    }

    /// Words and single characters, without comments and the content of string literals.
    private static func tokens(_ source: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = source[...]
        while let first = rest.first {
            if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = afterComment(rest)
            } else if first == "\"" || first == "#" && rest.drop(while: { $0 == "#" }).first == "\"" {
                rest = afterLiteral(rest)
            } else if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(word)
                rest = rest[word.endIndex...]
            } else {
                if !first.isWhitespace { tokens.append(rest.prefix(1)) }
                rest = rest.dropFirst()
            }
        }
        return tokens
    }

    private static func afterComment(_ text: Substring) -> Substring {
        var (rest, depth) = (text, 0)
        while !rest.isEmpty {
            if rest.hasPrefix("/*") {
                (rest, depth) = (rest.dropFirst(2), depth + 1)
            } else if rest.hasPrefix("*/") {
                (rest, depth) = (rest.dropFirst(2), depth - 1)
                if depth == 0 { return rest }
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }

    private static func afterLiteral(_ text: Substring) -> Substring {
        let hashes = String(text.prefix { $0 == "#" })
        var rest = text.dropFirst(hashes.count)
        let quotes = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quotes.count)
        while !rest.isEmpty, !rest.hasPrefix(quotes + hashes) {
            rest = rest.dropFirst(rest.hasPrefix("\\" + hashes) ? 2 + hashes.count : 1)
        }
        return rest.dropFirst(quotes.count + hashes.count)
    }

    /// Takes what is declared at the top of a file.
    private mutating func scan(_ tokens: [Substring]) {
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            let isHidden = tokens[max(0, index - 2)..<index].contains { $0 == "private" || $0 == "fileprivate" }
            if token == "class" || token == "extension", index + 1 < tokens.count {
                let name = String(tokens[index + 1])
                guard let open = tokens[index...].firstIndex(of: "{") else { return }
                let head = tokens[(index + 2)..<open]
                let parent = head.firstIndex(of: ":").flatMap { $0 + 1 < open ? String(tokens[$0 + 1]) : nil }
                let (methods, end) = Self.methods(tokens, from: open)
                if token == "extension" {
                    extensions[name, default: []] += methods
                } else if let parent, !isHidden {
                    found.append(Class(name: name, parent: parent, methods: methods))
                }
                index = end
            } else if token == "{" {
                index = Self.methods(tokens, from: index).end
            } else {
                index += 1
            }
        }
    }

    /// The test methods of the body that opens at `open`, and the place after it.
    private static func methods(_ tokens: [Substring], from open: Int) -> (methods: [Method], end: Int) {
        var methods: [Method] = []
        var depth = 0
        for index in open..<tokens.count {
            switch tokens[index] {
            case "{": depth += 1
            case "}":
                depth -= 1
                if depth == 0 { return (methods, index + 1) }
            case "func" where depth == 1:
                let before = tokens[max(open, index - 2)..<index]
                let isHidden = before.contains { ["private", "fileprivate", "static", "class"].contains($0) }
                guard index + 3 < tokens.count, tokens[index + 1].hasPrefix("test"), tokens[index + 2] == "(",
                    tokens[index + 3] == ")", !isHidden
                else { continue }
                let signature = tokens[(index + 4)...].prefix { $0 != "{" && $0 != "-" }
                methods.append(Method(name: String(tokens[index + 1]), isAsync: signature.contains("async")))
            default: break
            }
        }
        return (methods, tokens.count)
    }
}
