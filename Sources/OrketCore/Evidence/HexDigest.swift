/// A SHA-256 in its one spelling: 64 lower-case hexadecimal digits.
package struct HexDigest: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// Nil when `text` is not in that spelling.
    package init?(_ text: String) {
        guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        self.text = text
    }

    /// The spelling of 32 bytes; any other count is a defect of the caller.
    package init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == 32, "a SHA-256 of \(bytes.count) bytes")
        text = Self.text(of: bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value = digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// 64 zeros: no digest of anything, the predecessor of a first record.
    package static let zero = HexDigest(bytes: [UInt8](repeating: 0, count: 32))

    package var description: String { text }

    /// True for the ASCII characters 0...9 and a...f.
    package static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Two lower-case digits for each byte.
    package static func text(of bytes: some Sequence<UInt8>) -> String { HexText.encode(bytes) }
}
