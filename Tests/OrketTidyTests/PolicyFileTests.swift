import Testing

@Suite("Policy files")
struct PolicyFileTests {
    /// Places of list entries (`- ...`) that never say why, and a file that does not say what it is for. Text only: the
    /// decoder has its own opinion, and tests of its own.
    private static func withoutReason(_ file: SourceFile) -> [String] {
        var found: [String] = []
        var entry: (line: Int, indent: Int, hasReason: Bool)?
        var hasReason = false
        func close() {
            if let entry, !entry.hasReason { found.append("\(file.path):\(entry.line): an entry without `why`") }
        }
        for (number, line) in zip(1..., file.lines) where !line.trimming.isEmpty && !line.trimming.hasPrefix("#") {
            let indent = line.count - line.trimming.count
            if indent == 0 { hasReason = hasReason || line.hasPrefix("why:") }
            if let open = entry, indent <= open.indent {
                close()
                entry = nil
            }
            if line.trimming.hasPrefix("- "), entry == nil { entry = (number, indent, false) }
            if line.contains("why: ") { entry?.hasReason = true }
        }
        close()
        return found + (hasReason ? [] : ["\(file.path): no `why`"])
    }

    @Test("every policy and every entry in it says why")
    func reasons() {
        let files = Repository.files("policies/", ".yaml")
        #expect(files.count >= 20)
        #expect(files.flatMap(Self.withoutReason) == [])
    }

    @Test("an entry that does not say why is found")
    func findsMissingReason() {
        func found(_ text: String) -> Int { Self.withoutReason(SourceFile(path: "a.yaml", text: text)).count }
        #expect(found("why: x\nmounts:\n  - source: /a\n    why: y\n  - {path: /b, why: z}\n") == 0)
        #expect(found("why: x\nmounts:\n  - source: /a\n  - source: /b\n    why: y\n") == 1)
        #expect(found("mounts:\n  - source: /b\n    why: y\n") == 1)
    }
}
