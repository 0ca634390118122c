/// The name of one evidence record: a UUID in its usual spelling, lower case. Ids that Orket makes are of version 7
/// (RFC 9562 section 5.7), so that sorting them by their text sorts them by time.
package struct EvidenceID: Sendable, Hashable, CustomStringConvertible {
    /// 36 characters: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    package let text: String

    /// Nil when `text` is no UUID in lower case.
    package init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ $0.utf8.allSatisfy(HexDigest.isDigit) })
        else { return nil }
        self.text = text
    }

    /// An id of version 7: `milliseconds` since 1970 (48 bits of them), then 74 bits of `generator`.
    package init(milliseconds: Int64, using generator: inout some RandomNumberGenerator) {
        let time = UInt64(truncatingIfNeeded: milliseconds) & 0xffff_ffff_ffff
        let high = time << 16 | 0x7000 | UInt64.random(in: 0...0xfff, using: &generator)
        let low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3fff_ffff_ffff_ffff, using: &generator)
        let digits = HexDigest.text(of: [high, low].flatMap(\.bigEndianBytes))
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        text = groups.joined(separator: "-")
    }

    package var description: String { text }
}

extension FixedWidthInteger {
    /// The bytes of the number, the most significant one first.
    package var bigEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}
