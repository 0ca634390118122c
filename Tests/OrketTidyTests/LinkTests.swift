import Testing

@Suite("Links of the documents")
struct LinkTests {
    private static let documents = Repository.files("", ".md")

    /// Targets of `[text](target)` outside of fenced code.
    private static func links(_ document: SourceFile) -> [(line: Int, target: String)] {
        var isFenced = false
        return zip(1..., document.lines).flatMap { number, line -> [(line: Int, target: String)] in
            if line.trimming.hasPrefix("```") { isFenced.toggle() }
            if isFenced { return [] }
            return line.ranges(of: "](").compactMap { range in
                let rest = line[range.upperBound...]
                return rest.firstIndex(of: ")").map { (number, String(rest[..<$0])) }
            }
        }
    }

    /// Paths of the repository that stand between backticks.
    private static func mentions(_ document: SourceFile) -> [(line: Int, target: String)] {
        let roots = ["docs/", "Sources/", "Tests/", "policies/", "fixtures/", ".ci/"]
        return zip(1..., document.lines).flatMap { number, line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { index, text in index % 2 == 1 && roots.contains { text.hasPrefix($0) } }
                // A command goes on behind its program; a name with a placeholder is no path.
                .map { (number, String($0.element.prefix { $0 != " " })) }
                .filter { !$0.1.contains("*") && !$0.1.contains("NNNN") && !$0.1.contains("<") }
        }
    }

    /// What is wrong with a link: a file that is not there, or a heading that the file does not have.
    private static func defect(_ target: String, in document: SourceFile, text: (String) -> String?) -> String? {
        if target.hasPrefix("http://") || target.hasPrefix("https://") { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var path = document.path
        if !parts[0].isEmpty {
            var components = document.path.split(separator: "/").dropLast()
            for part in parts[0].split(separator: "/") {
                if part == ".." { _ = components.popLast() } else if part != "." { components.append(part) }
            }
            path = components.joined(separator: "/")
        }
        guard let found = text(path) else { return "no file \(path)" }
        guard parts.count == 2 else { return nil }
        return headings(found).contains(String(parts[1])) ? nil : "no heading #\(parts[1]) in \(path)"
    }

    /// The anchors that a page gives its headings.
    private static func headings(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" }.trimming.lowercased().filter {
                    $0.isLetter || $0.isNumber || " -_".contains($0)
                }
                .replacing(" ", with: "-")
            })
    }

    private static func text(_ path: String) -> String? { Repository.exists(path) ? Repository.text(path) : nil }

    @Test("every link leads to a file, and to a heading that the file has")
    func links() {
        #expect(Self.documents.count >= 10)
        for document in Self.documents {
            for link in Self.links(document) {
                let defect = Self.defect(link.target, in: document, text: Self.text)
                #expect(defect == nil, "\(document.path):\(link.line): \(link.target)")
            }
        }
    }

    @Test("every path of the repository that a document names exists")
    func mentionedPaths() {
        for document in Self.documents where document.name != "CHANGELOG.md" {
            for mention in Self.mentions(document) {
                #expect(Repository.exists(mention.target), "\(document.path):\(mention.line): \(mention.target)")
            }
        }
    }

    @Test("the readme has at most 150 lines, and leads to every document")
    func readme() throws {
        let readme = try #require(Self.documents.first { $0.path == "README.md" })
        #expect(readme.lineCount <= 150)
        let targets = Set(Self.links(readme).map(\.target))
        for document in Self.documents where document.path.split(separator: "/").count == 2 {
            #expect(targets.contains(document.path), "README.md does not name \(document.path)")
        }
    }

    @Test("decisions are numbered without a gap, and each says why")
    func decisions() {
        let files = Repository.files("docs/decisions/", ".md")
        #expect(files.count >= 5)
        for (index, file) in files.enumerated() {
            let number = String(index + 1)
            let expected = String(repeating: "0", count: 4 - number.count) + number
            #expect(file.name.hasPrefix(expected + "-"), "\(file.name), expected \(expected)")
            for heading in ["## Context", "## Decision", "## Consequences", "## Alternatives"] {
                #expect(file.text.contains("\n\(heading)\n"), "\(file.path): \(heading)")
            }
        }
    }

    @Test("dead links, missing headings and paths that are gone are found")
    func findsDeadLinks() {
        let document = SourceFile(path: "docs/A.md", text: "[a](B.md#two-words) `docs/B.md` `Sources/X`\n")
        let known: (String) -> String? = { ["docs/B.md": "# Two words!\n", "C.md": ""][$0] }
        #expect(Self.links(document).map(\.target) == ["B.md#two-words"])
        #expect(Self.mentions(document).map(\.target) == ["docs/B.md", "Sources/X"])
        #expect(Self.defect("B.md#two-words", in: document, text: known) == nil)
        #expect(Self.defect("../C.md", in: document, text: known) == nil)
        #expect(Self.defect("B.md#three", in: document, text: known) != nil)
        #expect(Self.defect("C.md", in: document, text: known) != nil)
        #expect(Self.links(SourceFile(path: "a.md", text: "```\n[a](b)\n```\n")).isEmpty)
    }
}
