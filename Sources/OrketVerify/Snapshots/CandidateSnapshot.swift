package import OrketCore

/// A candidate that holds still: a sorted list of what it consists of, each file by its digest, and one digest over the
/// list. docs/snapshots.md has the encoding that is hashed, and what can be imported.
package struct CandidateSnapshot: Sendable {
    /// What an entry is, by its letter in the encoding.
    package enum Kind: String, Sendable, CaseIterable {
        case directory = "d"
        case file = "f"
        case executable = "x"
        case link = "l"

        /// In the words of a finding.
        var name: String {
            switch self {
            case .directory: "a directory"
            case .file, .executable: "a file"
            case .link: "a symbolic link"
            }
        }
    }

    /// One file, directory or link.
    package struct Entry: Sendable, Hashable {
        /// Clean UTF-8 without control characters, relative to the candidate; compared as bytes.
        package let path: [UInt8]
        package let kind: Kind
        /// Of the bytes of a file, or of a link's target; empty for a directory.
        package let digest: String
        package let size: UInt64

        /// The path as text.
        package var name: String { String(decoding: path, as: UTF8.self) }
    }

    /// Sorted by the bytes of the paths; every directory is listed, so an empty one counts.
    package let entries: [Entry]
    /// SHA-256 of `encoding`.
    package let digest: String
    /// What the import left out, a sentence each; not part of the digest.
    package let notes: [String]
    /// The user named one plain file: it is a candidate whatever it is called.
    package let isOneFile: Bool

    /// Bytes of all files and link targets.
    package var totalBytes: UInt64 { entries.reduce(0) { $0 + $1.size } }

    /// What a sweep has to keep for this snapshot.
    package var blobs: Set<String> { Set(entries.map(\.digest).filter { !$0.isEmpty } + [digest]) }

    init(_ entries: [Entry], notes: [String] = [], isOneFile: Bool = false) {
        self.isOneFile = isOneFile
        self.entries = entries.sorted { $0.path.lexicographicallyPrecedes($1.path) }
        self.notes = notes
        digest = Digest.hex(of: Self.encode(self.entries))
    }

    /// The bytes that are hashed. They are stored as a blob of their own, whose digest is the snapshot's.
    package var encoding: [UInt8] { Self.encode(entries) }

    /// A path has neither line breaks nor NUL, so each line has one reading.
    private static func encode(_ entries: [Entry]) -> [UInt8] {
        var bytes = Array("orket.snapshot/1\n".utf8)
        for entry in entries {
            let digest = entry.digest.isEmpty ? "-" : entry.digest
            bytes += "\(entry.kind.rawValue) \(digest) \(entry.size) ".utf8
            bytes += entry.path
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// The files that a sandbox gets: read from the store, each checked against its digest, nothing followed. Directories
    /// and links come as such, so the program finds the tree that was hashed. Holds all bytes in memory.
    package func inputs(from store: ContentStore) throws(StorageError) -> [InputFile] {
        var inputs: [InputFile] = []
        for entry in entries {
            switch entry.kind {
            case .directory: inputs.append(.directory(entry.name))
            case .link: inputs.append(.link(entry.name, target: try store.read(entry.digest, limit: entry.size)))
            case .file, .executable:
                let bytes = try store.read(entry.digest, limit: entry.size)
                inputs.append(InputFile(path: entry.name, bytes: bytes, executable: entry.kind == .executable))
            }
        }
        return inputs
    }

    /// Longest list: caps of the import, with room.
    private static let listBytes: UInt64 = 64 << 20

    /// Digests of the files and links of the snapshot `digest`, as its blob lists them; none where that blob is no list, such as
    /// a candidate of one file.
    package static func files(listedIn digest: String, of store: ContentStore) -> Set<String> {
        guard let bytes = try? store.read(digest, limit: listBytes) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == "orket.snapshot/1" else { return [] }
        return Set(lines.dropFirst().compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
    }
}
