import Testing

@Suite("Types and files")
struct TypeTests {
    /// A declaration outside of all braces.
    struct Declaration: Hashable {
        var kind: String
        var name: String
        var length: Int
    }

    /// Types that other files may name: private ones belong to their neighbour.
    private static func declarations(_ file: SourceFile) -> [Declaration] {
        let code = file.code
        var found: [Declaration] = []
        var depth = 0
        var open: (index: Int, line: Int)?
        for (number, line) in code.enumerated() {
            let words = String(line).split { $0 == " " || $0 == ":" || $0 == "<" || $0 == "{" }
            let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "extension"]
            let isHidden = words.contains { $0 == "private" || $0 == "fileprivate" }
            if depth == 0, !isHidden, let at = words.firstIndex(where: kinds.contains), at + 1 < words.count {
                found.append(Declaration(kind: String(words[at]), name: String(words[at + 1]), length: 0))
                open = (found.count - 1, number)
            }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            if depth == 0, let started = open {
                found[started.index].length = number - started.line + 1
                open = nil
            }
        }
        return found
    }

    /// Longest that a second type of a file may be: an error, a result, a small part of the main one.
    private static let smallType = 50

    /// Files that are named by a subject, each with the reason.
    private static let subjects = [
        "Sources/OrketSandbox/Jail/ByteCoding.swift": "the two directions of one coding: a writer and a reader"
    ]

    private static func violations(_ file: SourceFile) -> [String] {
        let all = declarations(file)
        let large = all.filter { $0.kind != "extension" && $0.length > smallType }
        var found: [String] = []
        if large.count > 1 {
            found.append("\(file.path): more than one main type: \(large.map(\.name).joined(separator: ", "))")
        }
        let stem = String(file.name.dropLast(".swift".count))
        let subject = String(stem.prefix { $0 != "+" })
        // A file of extensions, or of relatives, may be named by what they have in common.
        let isNamed = all.contains { type in
            let name = type.name.split(separator: ".").last.map(String.init) ?? ""
            return type.kind == "extension" || name.hasPrefix(subject) || subject.hasPrefix(name)
        }
        if file.name != "main.swift", subjects[file.path] == nil, !isNamed {
            found.append("\(file.path): declares nothing that is called \(subject)")
        }
        return found
    }

    @Test("a file has one main type and its name")
    func sources() {
        #expect(Repository.files("Sources/", ".swift").flatMap(Self.violations) == [])
    }

    @Test("two large types, and a name that fits nothing, are found")
    func findsViolations() {
        let large = "struct A {\n" + String(repeating: "    let a = 1\n", count: 50) + "}\n"
        let two = SourceFile(path: "Sources/X/A.swift", text: large + large.replacing("A", with: "B"))
        #expect(Self.violations(two).count == 1)
        let hidden = SourceFile(path: "Sources/X/A.swift", text: large + "private " + large.replacing("A", with: "B"))
        #expect(Self.violations(hidden) == [])
        #expect(Self.violations(SourceFile(path: "Sources/X/B.swift", text: large)).count == 1)
        #expect(Self.violations(SourceFile(path: "Sources/X/A+Text.swift", text: "extension A {}\n")) == [])
    }
}
