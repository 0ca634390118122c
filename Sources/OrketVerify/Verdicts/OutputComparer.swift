package import OrketCore

/// Compares what a program wrote with what is right, outside of the sandbox and byte by byte.
///
/// The rule: both sides may lack the one newline that ends the last line; apart from that every byte counts. So `42`
/// and `42\n` are equal, while `42\n\n`, `42 ` and `42\r\n` differ from both.
package enum OutputComparer {
    /// Nil when `actual` is right, else where it starts to differ. The sentence never quotes the expected bytes,
    /// because verdicts may go back to the candidate's author.
    package static func difference(expected: [UInt8], actual: CapturedStream) -> String? {
        let want = withoutFinalNewline(expected[...])
        let kept = actual.bytes
        let complete = actual.byteCount == UInt64(kept.count)
        let have = complete ? withoutFinalNewline(kept[...]) : actual.head[...]
        if complete && want.elementsEqual(have) { return nil }
        let common = zip(want, have).prefix { $0 == $1 }.count
        let line = want.prefix(common).count { $0 == UInt8(ascii: "\n") } + 1
        return "stdout differs from byte \(common) on, line \(line)"
            + " (\(actual.byteCount) bytes written, \(expected.count) expected)"
    }

    /// Bytes of stdout that must be kept for an exact comparison with `expected`.
    package static func keptBytes(expected: [UInt8]) -> Int { expected.count + 2 }

    private static func withoutFinalNewline(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }
}
