/// Little-endian integers, counted strings and blobs, as wire.h and shape.h describe them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func u16(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func u32(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func u64(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }

    mutating func blob(_ value: [UInt8]) {
        u32(UInt32(value.count))
        bytes += value
    }

    /// Length, bytes, one NUL.
    mutating func string(_ value: String) {
        let utf8 = Array(value.utf8)
        u32(UInt32(utf8.count))
        bytes += utf8
        bytes.append(0)
    }

    /// Bytes and one NUL, as argv and envp travel.
    mutating func terminated(_ value: String) {
        bytes.append(contentsOf: value.utf8)
        bytes.append(0)
    }
}

/// Bounded reads; `isComplete` is false when anything was missing.
struct ByteReader {
    private let bytes: [UInt8]
    private var at: Int
    private(set) var isComplete = true

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        at = start
    }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
        let width = MemoryLayout<T>.size
        guard at + width <= bytes.count else {
            isComplete = false
            return 0
        }
        defer { at += width }
        return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: T.self)) }
    }

    mutating func u16() -> UInt16 { integer(UInt16.self) }
    mutating func u32() -> UInt32 { integer(UInt32.self) }
    mutating func i32() -> Int32 { integer(Int32.self) }
    mutating func u64() -> UInt64 { integer(UInt64.self) }

    /// A NUL-terminated text in a field of fixed width.
    mutating func text(width: Int) -> String {
        guard at + width <= bytes.count else {
            isComplete = false
            return ""
        }
        defer { at += width }
        return String(decoding: bytes[at..<at + width].prefix { $0 != 0 }, as: UTF8.self)
    }
}
