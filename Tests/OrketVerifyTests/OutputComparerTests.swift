import OrketCore
import OrketVerify
import Testing

@Suite("Output comparer")
struct OutputComparerTests {
    @Test(
        "compares every byte but the one final newline",
        arguments: [
            ("42\n", "42\n", true), ("42\n", "42", true), ("42", "42\n", true), ("", "", true), ("", "\n", true),
            ("42\n", "42\n\n", false), ("42\n", "42 \n", false), ("42\n", "42\r\n", false), ("42\n", " 42\n", false),
            ("42\n", "", false), ("", "0", false), ("a\nb\n", "a\nc\n", false), ("a\nb\n", "a\n", false),
            ("a\n", "a\nb\n", false), ("é", "e\u{301}", false), ("A", "a", false),
        ])
    func compares(expected: String, actual: String, equal: Bool) {
        let difference = OutputComparer.difference(expected: Array(expected.utf8), actual: Results.stream(actual))
        #expect((difference == nil) == equal, "\(difference ?? "equal")")
    }

    @Test("says where they differ, without a word of the expected text")
    func saysWhere() {
        let difference = OutputComparer.difference(
            expected: Array("one\ntwo\nCANARY".utf8), actual: Results.stream("one\ntwo\nthree"))
        #expect(
            difference
                == "stdout differs from byte 8 on, line 3 (13 bytes written, 14 expected)")
    }

    @Test("bytes that were dropped are never equal")
    func refusesDropped() {
        var stream = Results.stream("42\n")
        stream.byteCount = 1_000_000
        stream.truncated = true
        #expect(OutputComparer.difference(expected: Array("42\n".utf8), actual: stream) != nil)
        stream.head = Array("42\n4".utf8)
        stream.tail = Array("2\n".utf8)
        #expect(OutputComparer.difference(expected: Array("42\n42\n".utf8), actual: stream) != nil)
    }

    @Test("head and tail together are the output when nothing was dropped")
    func joinsTail() {
        var stream = Results.stream("ab")
        stream.tail = Array("cd\n".utf8)
        stream.byteCount = 5
        #expect(OutputComparer.difference(expected: Array("abcd".utf8), actual: stream) == nil)
    }
}
