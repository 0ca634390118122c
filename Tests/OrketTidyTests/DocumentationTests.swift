import Testing

@Suite("Documentation of declarations")
struct DocumentationTests {
    /// Declarations that other rooms see, and whether a comment says what each is for.
    private static func visible(_ file: SourceFile) -> [(place: String, isDocumented: Bool)] {
        let kinds: Set<Substring> = ["func", "struct", "class", "enum", "actor", "protocol", "var", "let", "typealias"]
        return zip(0..., file.lines).compactMap { number, line in
            let words = line.split { $0 == " " || $0 == "(" }
            guard let first = words.first, first == "package" || first == "public" else { return nil }
            guard let kind = words.first(where: kinds.contains), words.count > 1, words[1] != "import" else {
                return nil
            }
            var above = number - 1
            while above >= 0, file.lines[above].trimming.hasPrefix("@") { above -= 1 }
            let isDocumented = above >= 0 && file.lines[above].trimming.hasPrefix("///")
            return ("\(file.path):\(number + 1): \(kind)", isDocumented)
        }
    }

    @Test("types and functions that other rooms see say what they are for")
    func typesAndFunctions() {
        let all = Repository.files("Sources/", ".swift").flatMap(Self.visible)
            .filter { place, _ in !["var", "let", "typealias"].contains { place.hasSuffix(": \($0)") } }
        #expect(all.count > 300)
        let bare = all.filter { !$0.isDocumented }.map(\.place)
        #expect(bare.count * 100 <= all.count * 5, "\(bare.count) of \(all.count): \(bare)")
    }

    @Test("six of ten declarations of any kind say what they are for; a property may say it by its name and type")
    func share() {
        let all = Repository.files("Sources/", ".swift").flatMap(Self.visible)
        let documented = all.count(where: \.isDocumented)
        #expect(documented * 10 >= all.count * 6, "\(documented) of \(all.count)")
    }

    @Test("the share of comments in all lines of source is between 8 and 30 percent")
    func density() {
        let lines = Repository.files("Sources/", ".swift").flatMap { $0.lines.map(\.trimming) }.filter { !$0.isEmpty }
        let comments = lines.count { $0.hasPrefix("//") }
        #expect((8...30).contains(comments * 100 / lines.count), "\(comments) of \(lines.count)")
    }

    @Test("a declaration without its comment is found, and attributes between the two do not matter")
    func findsUndocumented() {
        func documented(_ text: String) -> [Bool] {
            Self.visible(SourceFile(path: "a.swift", text: text)).map(\.isDocumented)
        }
        #expect(documented("package func a() {}\n") == [false])
        #expect(documented("/// What it is for.\n@discardableResult\npackage func a() {}\n") == [true])
        #expect(documented("package import OrketCore\nfunc a() {}\nlet package = 1\n") == [])
    }
}

extension Substring {
    /// Without blanks at its start.
    var trimming: Substring { drop { $0 == " " || $0 == "\t" } }
}
