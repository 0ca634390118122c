import OrketCore
import OrketSystem
import OrketTestSupport
import OrketVerify
import Testing

/// What the pages show is what the decoder reads.
@Suite("Fixtures in the documentation")
struct DocumentedFixtureTests {
    /// The fenced blocks of YAML that are whole fixtures.
    private static func fixtures(_ page: String) throws -> [String] {
        let bytes = try HostFile.contents(packageRoot + "/" + page, maximumBytes: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).components(between: "```yaml\n", and: "```").filter {
            $0.hasPrefix("schema: 1\n") && $0.contains("\nkind: ")
        }
    }

    @Test("every example is a fixture", arguments: [("docs/fixtures.md", 6), ("docs/suite.md", 2), ("README.md", 0)])
    func decode(page: String, atLeast: Int) throws {
        let fixtures = try Self.fixtures(page)
        #expect(fixtures.count >= atLeast)
        for text in fixtures {
            let place = TemporaryDirectory()
            for line in text.split(separator: "\n") {
                for name in Self.files(line) { _ = try place.writeNested(name, "x\n") }
            }
            do {
                _ = try FixtureDecoder.read(place.write("fixture.yaml", text))
            } catch {
                Issue.record("\(page): \(error.findings) in\n\(text)")
            }
        }
    }

    /// Names of files on a line, by the keys that give one; comments left out.
    private static func files(_ line: Substring) -> [String] {
        let keys: Set = [
            "source", "stdinFile", "expectedFile", "checker", "textFile", "answerFile", "equalsFile", "reference",
            "baseline",
            "pinned", "tests",
        ]
        let words = line.prefix { $0 != "#" }.split { " {},[]".contains($0) }
        return zip(words, words.dropFirst()).compactMap { key, name in
            key.hasSuffix(":") && keys.contains(String(key.dropLast())) ? String(name) : nil
        }
    }
}

extension String {
    /// The parts that lie between two marks.
    fileprivate func components(between opening: String, and closing: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let start = rest.firstRange(of: opening) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: closing) else { return parts }
            parts.append(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return parts
    }
}

extension TemporaryDirectory {
    /// A file with the directories above it; one that is there stays.
    fileprivate func writeNested(_ name: String, _ text: String) throws -> String {
        if let slash = name.lastIndex(of: "/") { try Files.makeDirectories(path + "/" + name[..<slash]) }
        return write(name, text)
    }
}
