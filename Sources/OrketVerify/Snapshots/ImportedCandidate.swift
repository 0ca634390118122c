import OrketCore

/// A candidate that was imported once, for all fixtures that judge it. What they get comes from the store by the names of the
/// snapshot, each file checked against its digest; nobody looks at the candidate itself any more.
package struct ImportedCandidate: Sendable {
    /// As the user named it.
    package let name: String
    package let snapshot: CandidateSnapshot
    private let store: ContentStore

    /// Imports what `path` names, see `CandidateSnapshot.importing`. Blocks.
    package init(
        path: String, into store: ContentStore, limits: ImportLimits = ImportLimits()
    ) throws(SnapshotError) {
        try self.init(name: path, CandidateSnapshot.importing(path: path, into: store, limits: limits), in: store)
    }

    /// A snapshot whose blobs are in `store`, as `name` in reports.
    package init(name: String, _ snapshot: CandidateSnapshot, in store: ContentStore) {
        (self.name, self.snapshot, self.store) = (name, snapshot, store)
    }

    /// Bytes of one source.
    private static let maximumSourceBytes = UInt64(FixtureDecoder.maximumSourceBytes)

    /// A file that a fixture asks for, or the verdict about a candidate without it.
    enum Taken {
        case file(InputFile)
        case refused(Verdict)
    }

    /// The file at exactly this path of the snapshot, or the only one of a candidate of one file. A link is none: nothing is
    /// followed, also not within the candidate.
    func file(_ path: String) throws(StorageError) -> Taken {
        let wanted = Array(path.utf8)
        let found = snapshot.entries.first { snapshot.isOneFile || $0.path == wanted }
        guard let entry = found else { return Self.missing("the candidate has no file '\(path.jsonEscaped)'") }
        let place = "'\(path.jsonEscaped)' of the candidate"
        switch entry.kind {
        case .directory: return Self.missing("\(place) is a directory, and must be a file")
        case .link: return Self.rejected("\(place) is a symbolic link; put the file itself there")
        case .file, .executable:
            guard entry.size <= Self.maximumSourceBytes else {
                return Self.rejected("\(place) is larger than \(Self.maximumSourceBytes) bytes")
            }
            let bytes = try store.read(entry.digest, limit: entry.size)
            // What a lone file may do on the host says nothing of what it is; its digest does not know either.
            let isExecutable = entry.kind == .executable && !snapshot.isOneFile
            return .file(InputFile(path: entry.name, bytes: bytes, executable: isExecutable))
        }
    }

    /// Everything, for a workspace that is the candidate's; or the verdict about one that is too large for it.
    func tree(_ limits: ImportLimits) throws(StorageError) -> (files: [InputFile], refused: Verdict?) {
        let largest = snapshot.entries.map(\.size).max() ?? 0
        if snapshot.totalBytes > limits.totalBytes || snapshot.entries.count > limits.entries
            || largest > limits.fileBytes
        {
            let sentence =
                "the candidate has \(snapshot.entries.count) entries and \(snapshot.totalBytes) bytes, the largest of "
                + "\(largest); a workspace takes \(limits.entries), \(limits.totalBytes) and \(limits.fileBytes)"
            return ([], Verdict(.rejected, [Reason(.artifactRejected, sentence)]))
        }
        return (try snapshot.inputs(from: store), nil)
    }

    private static func missing(_ sentence: String) -> Taken {
        .refused(Verdict(.failed, [Reason(.artifactMissing, sentence)]))
    }

    private static func rejected(_ sentence: String) -> Taken {
        .refused(Verdict(.rejected, [Reason(.artifactRejected, sentence)]))
    }
}

extension Fixture {
    /// The same fixture about an imported candidate: its `source` is the file of that name, and a suite takes the whole tree. A
    /// candidate without that file has its verdict before anything runs. Blocks.
    package func judging(_ imported: ImportedCandidate) throws(StorageError) -> Fixture {
        var fixture = judging([], candidate: imported.name)
        fixture.expect = expect
        let snapshot = imported.snapshot
        fixture.treeDigest = snapshot.isOneFile ? nil : snapshot.digest
        if case .suite(var suite) = fixture.body, !snapshot.isOneFile {
            (suite.candidate, fixture.refusal) = try imported.tree(FixtureDecoder.candidateLimits)
            fixture.source = .directory(source.path)
            fixture.body = .suite(suite)
            return fixture
        }
        switch try imported.file(sourceName) {
        case .refused(let verdict): fixture.refusal = verdict
        case .file(let file):
            fixture.source.bytes = file.bytes
            fixture.source.executable = file.executable
            if case .suite(var suite) = fixture.body {
                suite.candidate = [fixture.source]
                fixture.body = .suite(suite)
            }
        }
        return fixture
    }
}
