import Testing

@Suite("Promises and their tests")
struct ContractTests {
    /// One row of docs/CONTRACT.md.
    struct Promise {
        var id: String
        var text: String
        /// Names between backticks; empty for a pending promise.
        var tests: [String]
        var isPending: Bool
    }

    private static func promises(_ text: String) -> [Promise] {
        text.split(separator: "\n").filter { $0.hasPrefix("| P-") }.compactMap { line in
            guard let cells = MarkdownTable("| id |\n|---|\n\(line)\n", header: ["id"])?.rows.first, cells.count == 3
            else { return nil }
            let parts = cells[2].split(separator: "`", omittingEmptySubsequences: false).enumerated()
            return Promise(
                id: cells[0], text: cells[1], tests: parts.filter { $0.offset % 2 == 1 }.map { String($0.element) },
                isPending: cells[2].hasPrefix("pending"))
        }
    }

    /// What can prove a promise: display names and functions of tests, and `hostile: category/name` of the hostile corpus.
    private static func proofs(tests: [SourceFile], hostile: [String]) -> Set<String> {
        var names: Set<String> = []
        for file in tests {
            for part in file.text.split(separator: "@Test", omittingEmptySubsequences: false).dropFirst() {
                let words = part.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "\"" }
                if words.count == 2, words[0].allSatisfy({ $0 == "(" || $0.isWhitespace }) {
                    names.insert(String(words[1].prefix { $0 != "\"" }))
                }
                if let function = part.firstRange(of: "func ") {
                    names.insert(String(part[function.upperBound...].prefix { $0.isLetter || $0.isNumber }))
                }
            }
        }
        for path in hostile {
            let parts = path.split(separator: "/")
            if parts.count == 4 { names.insert("hostile: \(parts[2])/\(parts[3].prefix { $0 != "." })") }
        }
        return names
    }

    private static func defects(_ promises: [Promise], proofs: Set<String>) -> [String] {
        var found: [String] = []
        for (index, promise) in promises.enumerated() {
            let number = String(index + 1)
            let expected = "P-" + String(repeating: "0", count: max(0, 3 - number.count)) + number
            if promise.id != expected { found.append("\(promise.id): expected \(expected)") }
            if promise.text.isEmpty { found.append("\(promise.id): no promise") }
            if promise.isPending { continue }
            if promise.tests.isEmpty { found.append("\(promise.id): neither a test nor `pending`") }
            found += promise.tests.filter { !proofs.contains($0) }.map { "\(promise.id): no test \($0)" }
        }
        return found
    }

    @Test("every promise names a test that exists, or says that it is pending")
    func contract() {
        let promises = Self.promises(Repository.text("docs/CONTRACT.md"))
        let proofs = Self.proofs(
            tests: Repository.files("Tests/", ".swift"),
            hostile: Repository.paths.filter { $0.hasPrefix("fixtures/hostile/") })
        #expect(promises.count >= 20)
        #expect(proofs.count > 100)
        #expect(Self.defects(promises, proofs: proofs) == [])
        #expect(promises.count(where: \.isPending) * 4 <= promises.count, "too many promises are pending")
    }

    @Test("where a technique of cheating is shown by a test, there is that test")
    func cheats() {
        let techniques = Repository.text("fixtures/cheats/README.md").split(separator: "\n")
            .filter { $0.hasPrefix("| ") && $0.split(separator: "|").count == 4 }
        let named = techniques.flatMap { line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
        let proofs = Self.proofs(tests: Repository.files("Tests/", ".swift"), hostile: [])
        #expect(named.count >= 10)
        #expect(named.filter { !proofs.contains($0) } == [])
    }

    @Test("an unknown test, a gap in the numbers and an empty proof are found")
    func findsDefects() {
        let tests = SourceFile(path: "T.swift", text: "@Test(\"it holds\")\nfunc holds() {}\n@Test func also() {}\n")
        let proofs = Self.proofs(tests: [tests], hostile: ["fixtures/hostile/process/daemon.c"])
        #expect(proofs == ["it holds", "holds", "also", "hostile: process/daemon"])
        func defects(_ rows: String...) -> Int {
            Self.defects(Self.promises(rows.joined(separator: "\n")), proofs: proofs).count
        }
        #expect(defects("| P-001 | a | `it holds`, `hostile: process/daemon` |", "| P-002 | b | pending: why |") == 0)
        #expect(defects("| P-001 | a | `it does not` |") == 1)
        #expect(defects("| P-002 | a | `also` |") == 1)
        #expect(defects("| P-001 | a | someone looked |") == 1)
    }
}
