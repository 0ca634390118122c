/// One failure without what differs from try to try, so that two attempts that failed alike have the same text: numbers,
/// addresses, paths of scratch directories, blanks and the case of letters say nothing.
package struct FailureShape: Sendable, Hashable {
    /// Kind of the end of the attempt, then each reason as a code with a normalised sentence, sorted.
    package let text: String

    /// The shape of an attempt that ended as `kind` for `reasons`: codes with what was said about each.
    package init(_ kind: AttemptResult.Kind, reasons: [(code: String, detail: String)]) {
        let lines = Set(reasons.map { "\($0.code) \(Self.normalised($0.detail))" }).sorted()
        text = ([kind.rawValue] + lines).joined(separator: "\n")
    }

    /// The fingerprint; `sha256` is the hash function, which this room does not have.
    package func fingerprint(sha256: ([UInt8]) -> HexDigest) -> FailureFingerprint {
        FailureFingerprint(sha256(Array(text.utf8)))
    }

    /// Bytes of a sentence that are looked at.
    private static let maximumBytes = 4_096

    /// Letters in lower case, every run of digits (with letters of hexadecimal numbers behind `0x`) as `#`, every run of
    /// blanks and control characters as one blank, at most 4 KiB.
    package static func normalised(_ text: String) -> String {
        var result: [UInt8] = []
        var bytes = Array(text.utf8.prefix(maximumBytes))[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let isHexadecimal = byte == UInt8(ascii: "0") && bytes.first == UInt8(ascii: "x")
                if isHexadecimal { bytes.removeFirst() }
                bytes = bytes.drop { isHexadecimal ? isHexadecimalDigit($0) : isDigit($0) }
                result.append(UInt8(ascii: "#"))
            case 0...32, 127:
                if let last = result.last, last != 32 { result.append(32) }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): result.append(byte + 32)
            default: result.append(byte)
            }
        }
        if result.last == 32 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 32)
    }
}
