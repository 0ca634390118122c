import OrketCore
import OrketStore
import OrketSystem
import OrketVerify

/// The streams of one record for people: what each was, and the bytes that are kept, escaped.
struct StreamText {
    private let store: EvidenceStore
    /// Nil when nothing was ever kept.
    private let content: ContentStore?

    /// `content` is looked for, not made.
    init(_ store: EvidenceStore, _ location: ContentLocation) async throws(EvidenceFailure) {
        self.store = store
        guard Files.exists(location.path) else {
            content = nil
            return
        }
        let opened = await Blocking.run { Result { () throws(StorageError) in try ContentStore(location.path) } }
        do throws(StorageError) { content = try opened.get() } catch { throw EvidenceFailure(error) }
    }

    /// One stream as a record tells of it.
    private struct Entry {
        var place: String
        var isArtefact: Bool
        var bytes: Int64
        var sha256: String
        var kept: (digest: HexDigest, bytes: Int64, head: Int64)?

        init?(_ json: JSONValue, case id: String?) {
            guard let step = json["step"]?.string, let kind = json["kind"]?.string, let digest = json["sha256"]?.string,
                case .integer(let bytes)? = json["bytes"]
            else { return nil }
            let name = json["name"]?.string.map { " '\($0)'" } ?? ""
            place = (id.map { "case \($0): " } ?? "") + "\(step) \(kind)\(name)"
            (self.bytes, sha256, isArtefact) = (bytes, digest, kind == EvidenceStream.Kind.artefact.rawValue)
            if let blob = json["kept"], let digest = blob["sha256"]?.string.flatMap(HexDigest.init),
                case .integer(let count)? = blob["bytes"], case .integer(let head)? = blob["head"],
                (0...count).contains(head)
            {
                kept = (digest, count, head)
            }
        }
    }

    private static func entries(_ json: JSONValue?, case id: String?) -> [Entry] {
        guard case .array(let elements)? = json else { return [] }
        return elements.compactMap { Entry($0, case: id) }
    }

    /// All of the record's streams, in its order.
    func text(_ body: JSONValue) async throws -> String {
        var entries = Self.entries(body["streams"], case: nil)
        if case .array(let cases)? = body["cases"] {
            for item in cases { entries += Self.entries(item["streams"], case: item["id"]?.string) }
        }
        var text = ""
        for entry in entries { text += try await self.text(entry) }
        if case .integer(let more)? = body["streamsLeftOut"], more > 0 {
            text += "and \(more) more, of which nothing is kept\n"
        }
        return text.isEmpty ? "the record names no stream\n" : text
    }

    private func text(_ entry: Entry) async throws -> String {
        let head =
            "\(TerminalText.escape(entry.place)): \(entry.bytes) bytes, sha256 \(TerminalText.escape(entry.sha256))"
        guard let kept = entry.kept else { return head + ": not kept\n" }
        guard let content else { return head + ": lost\n" }
        let read = await Blocking.run {
            Result { () throws(StorageError) in try content.read(kept.digest.text, limit: UInt64(kept.bytes)) }
        }
        switch read {
        case .success where entry.isArtefact: return head + ": kept as \(kept.digest)\n"
        case .success(let bytes):
            let missing = entry.bytes - kept.bytes
            let parts = [Self.lines(bytes.prefix(Int(kept.head)))]
            if missing <= 0 { return head + "\n" + Self.lines(bytes[...]) }
            return head + "\n" + parts[0] + "  ... \(missing) bytes are not kept ...\n"
                + Self.lines(bytes.dropFirst(Int(kept.head)))
        case .failure(.absent):
            if let time = try await store.prunedAt(kept.digest) { return head + ": pruned \(time.rfc3339)\n" }
            return head + ": lost\n"
        case .failure(let error): return head + ": \(TerminalText.escape("\(error)"))\n"
        }
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.isEmpty { return "" }
        let body = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
        return body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            "  | \(TerminalText.escape(String(decoding: $0, as: UTF8.self)))\n"
        }.joined()
    }
}
