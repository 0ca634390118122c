internal import Crypto
internal import OrketCore
internal import OrketSystem

/// Reads one output pipe: counts and hashes every byte, keeps head and tail, says when the limit is passed. Confined to
/// the event loop's thread after the run has started.
struct StreamCapture {
    private let pipe: Descriptor
    private let limit: UInt64
    private let keepHead: Int
    private let keepTail: Int
    private var hasher = SHA256()
    private var stream = CapturedStream()
    private(set) var isAtEnd = false

    static let chunkBytes = 64 << 10
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    init(pipe: Descriptor, limit: UInt64, keepHead: Int, keepTail: Int) {
        self.pipe = pipe
        self.limit = limit
        self.keepHead = keepHead
        self.keepTail = keepTail
    }

    var byteCount: UInt64 { stream.byteCount }
    var isOverLimit: Bool { stream.byteCount > limit }
    var rawDescriptor: Int32 { pipe.raw }

    /// One read: the chunk, or nil when nothing is there now (`isAtEnd` tells the two apart).
    mutating func readChunk() -> [UInt8]? {
        guard !isAtEnd else { return nil }
        // A failing read of our own pipe can only mean that it is useless: the same as its end.
        guard let chunk = try? pipe.read(atMost: Self.chunkBytes) else { return nil }
        if chunk.isEmpty {
            isAtEnd = true
            return nil
        }
        take(chunk)
        return chunk
    }

    private mutating func take(_ chunk: [UInt8]) {
        hasher.update(data: chunk)
        stream.byteCount += UInt64(chunk.count)
        var rest = chunk[...]
        let room = keepHead - stream.head.count
        if room > 0 {
            stream.head += rest.prefix(room)
            rest = rest.dropFirst(room)
        }
        guard !rest.isEmpty else { return }
        stream.tail += rest
        if stream.tail.count > 2 * keepTail + Self.chunkBytes {
            stream.tail.removeFirst(stream.tail.count - keepTail)
            stream.truncated = true
        }
    }

    mutating func finish() -> CapturedStream {
        if stream.tail.count > keepTail {
            stream.tail.removeFirst(stream.tail.count - keepTail)
            stream.truncated = true
        }
        if isOverLimit { stream.truncated = true }
        stream.sha256 = stream.byteCount == 0 ? Self.emptyHash : HexText.encode(hasher.finalize())
        pipe.close()
        return stream
    }
}
