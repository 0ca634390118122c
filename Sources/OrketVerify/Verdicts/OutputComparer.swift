package import OrketCore

/// Compares what a program wrote with what is right, outside of the sandbox and byte by byte.
///
/// The rule: both sides may lack the one newline that ends the last line; apart from that every byte counts. So `42`
/// and `42\n` are equal, while `42\n\n`, `42 ` and `42\r\n` differ from both.
package enum OutputComparer {
    /// Nil when `actual` is right, else where it starts to differ. The sentence never quotes the expected bytes,
    /// because verdicts may go back to the candidate's author.
    package static func difference(expected: [UInt8], actual: CapturedStream) -> String? {
        guard let offset = firstDifference(expected, actual) else { return nil }
        let line = expected.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
        return "stdout differs from byte \(offset) on, line \(line)"
            + " (\(actual.byteCount) bytes written, \(expected.count) expected)"
    }

    /// Pieces of both sides that start at the same place, a few lines before the first difference; nil when `actual`
    /// is right.
    package static func excerpts(expected: [UInt8], actual: CapturedStream) -> (expected: Excerpt, actual: Excerpt)? {
        guard let offset = firstDifference(expected, actual) else { return nil }
        let start = contextStart(expected, before: offset)
        let before = expected[..<start]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        func excerpt(_ bytes: [UInt8], of total: UInt64) -> Excerpt {
            Excerpt(bytes.dropFirst(start), offset: start, line: line, column: column, totalBytes: total)
        }
        // Only the head stands at its place when bytes after it were dropped.
        let isComplete = actual.byteCount == UInt64(actual.bytes.count)
        let have = isComplete ? actual.bytes : actual.head
        return (excerpt(expected, of: UInt64(expected.count)), excerpt(have, of: actual.byteCount))
    }

    /// Lines and bytes of context before a difference.
    private static let contextLines = 3
    private static let contextBytes = 1_024

    private static func contextStart(_ bytes: [UInt8], before offset: Int) -> Int {
        var start = offset
        var newlines = 0
        while start > 0, offset - start < contextBytes {
            if bytes[start - 1] == UInt8(ascii: "\n") {
                newlines += 1
                if newlines > contextLines { return start }
            }
            start -= 1
        }
        // Not within a character of UTF-8, of which both sides have the same bytes here.
        while start < offset, start > 0, bytes[start] & 0xC0 == 0x80 { start += 1 }
        return start
    }

    private static func firstDifference(_ expected: [UInt8], _ actual: CapturedStream) -> Int? {
        let want = withoutFinalNewline(expected[...])
        let kept = actual.bytes
        let complete = actual.byteCount == UInt64(kept.count)
        let have = complete ? withoutFinalNewline(kept[...]) : actual.head[...]
        if complete && want.elementsEqual(have) { return nil }
        return zip(want, have).prefix { $0 == $1 }.count
    }

    /// Bytes of stdout that must be kept for an exact comparison with `expected`.
    package static func keptBytes(expected: [UInt8]) -> Int { expected.count + 2 }

    private static func withoutFinalNewline(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }
}
