/// A bounded piece of a stream or of what a stream should have been. The bytes are a stranger's.
package struct Excerpt: Sendable, Hashable {
    /// Bytes that one excerpt keeps.
    package static let maximumBytes = 4_096

    package let bytes: [UInt8]
    /// Place of the first byte in the whole, 0-based.
    package let offset: Int
    /// 1-based line of the first byte; nil when the bytes before it were not kept.
    package let line: Int?
    /// 1-based column of the first byte: one more than the characters before it on its line. A byte that goes on with a
    /// character of UTF-8 is no column of its own.
    package let column: Int
    /// Size of the whole.
    package let totalBytes: UInt64

    /// True when bytes of the whole are missing, before or after.
    package var isTruncated: Bool { UInt64(bytes.count) < totalBytes }

    /// At most `maximumBytes` of `bytes`, which stand at `offset` of a whole of `totalBytes`.
    package init(_ bytes: some Sequence<UInt8>, offset: Int = 0, line: Int? = 1, column: Int = 1, totalBytes: UInt64) {
        self.bytes = Array(bytes.prefix(Self.maximumBytes))
        self.offset = offset
        self.line = line
        self.column = column
        self.totalBytes = max(totalBytes, UInt64(self.bytes.count))
    }

    /// All of `bytes`, or their start.
    package init(_ bytes: [UInt8]) { self.init(bytes, totalBytes: UInt64(bytes.count)) }

    /// The last bytes of a stream, at most `maximumBytes`; nil when nothing was written.
    package init?(endOf stream: CapturedStream, maximumBytes: Int = Diagnostic.maximumBytes) {
        let kept = stream.bytes.suffix(min(maximumBytes, Self.maximumBytes))
        if kept.isEmpty { return nil }
        let offset = Int(clamping: stream.byteCount) - kept.count
        self.init(kept, offset: max(0, offset), line: offset <= 0 ? 1 : nil, totalBytes: stream.byteCount)
    }

    /// `{"bytes","offset","line","column","truncated"}` with `text`, or with `base64` where the piece is no UTF-8.
    package var json: JSONValue {
        let text = String(validating: bytes, as: UTF8.self)
        return .record([
            "bytes": .count(totalBytes), "offset": .integer(Int64(offset)), "line": line.map { .integer(Int64($0)) },
            "column": line == nil ? nil : .integer(Int64(column)),
            "truncated": .bool(isTruncated), "text": text.map { .string($0) },
            "base64": text == nil ? .string(Base64.encode(bytes)) : nil,
        ])
    }
}
