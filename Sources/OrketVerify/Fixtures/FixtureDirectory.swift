import OrketCore

/// Where the files of a fixture lie, with a record of those that its `fixture.yaml` named while it was read: they are its
/// content. Local to one reading.
final class FixtureDirectory {
    let path: String
    private var entries: [String: FixtureContent.Entry] = [:]

    init(_ path: String) { self.path = path }

    /// The file at a clean relative path, which is content from now on.
    func contents(_ name: String, maximumBytes: Int) throws(InvalidInput) -> [UInt8] {
        let bytes = try HostFile.contents(path + "/" + name, maximumBytes: maximumBytes)
        record(name, bytes)
        return bytes
    }

    func record(_ name: String, _ bytes: [UInt8]) {
        entries[name] = FixtureContent.Entry(path: name, digest: Digest.hex(of: bytes), size: bytes.count)
    }

    /// What was recorded so far.
    var content: FixtureContent { FixtureContent(entries: Array(entries.values)) }
}

/// What a fixture consists of: its `fixture.yaml` and every file that it names, but not the candidate that is judged.
package struct FixtureContent: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        /// Clean and relative to the fixture's directory.
        package let path: String
        /// Hex SHA-256 of its bytes.
        package let digest: String
        package let size: Int
    }

    /// In the order of the bytes of their paths.
    package let entries: [Entry]

    init(entries: [Entry]) {
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// One line a file, which a path cannot forge: it holds no control character.
    package var canonicalText: String {
        "orket.fixture/1\n" + entries.map { "\($0.digest) \($0.size) \($0.path)\n" }.joined()
    }

    /// Hex SHA-256 of the canonical text: the identity of the fixture.
    package var digest: String { Digest.hex(of: Array(canonicalText.utf8)) }
}
