package import OrketCore

/// What a program wrote, or a file that it left, with as much of it as is kept.
package struct SeenStream: Sendable {
    /// `compile`, `run`, or the words of a case.
    package var step: String
    package var kind: EvidenceStream.Kind
    /// Of an artefact: its path in the workspace.
    package var name: String?
    /// All of it, also what is not kept.
    package var bytes: UInt64
    package var digest: String
    package var isTruncated: Bool
    package var content: Content

    /// Where the bytes are.
    package enum Content: Sendable {
        /// In memory; after the first `head` of them some may be missing.
        case held([UInt8], head: Int)
        /// In the content store.
        case stored(digest: String, bytes: UInt64, head: UInt64)
        case none
    }

    /// Streams and artefacts that one verification tells of, and bytes of artefacts that it keeps.
    static let (maximumCount, maximumArtefactBytes) = (1_000, 64 << 20)

    /// stdout and stderr of a run, as far as they are not empty.
    static func all(of run: RunResult, step: String) -> [SeenStream] {
        [(EvidenceStream.Kind.stdout, run.stdout), (.stderr, run.stderr)].compactMap { kind, stream in
            if stream.byteCount == 0 { return nil }
            return SeenStream(
                step: step, kind: kind, bytes: stream.byteCount, digest: stream.sha256, isTruncated: stream.truncated,
                content: .held(stream.bytes, head: stream.head.count))
        }
    }

    /// Files that a step left and that were not there before.
    static func artefacts(_ files: [CollectedFile], step: String) -> [SeenStream] {
        files.prefix(maximumCount + 1).map { file in
            SeenStream(
                step: step, kind: .artefact, name: file.path, bytes: UInt64(file.bytes.count),
                digest: Digest.hex(of: file.bytes), isTruncated: false,
                content: .held(file.bytes, head: file.bytes.count))
        }
    }
}

extension [CollectedFile] {
    /// Without those that the step had as its inputs, and left as they were.
    func made(from inputs: [InputFile]) -> [CollectedFile] {
        let before = Dictionary(inputs.map { ($0.path, $0.bytes) }) { first, _ in first }
        return filter { before[$0.path] != $0.bytes }
    }
}
