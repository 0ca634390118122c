import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Summary and digest")
struct VerdictSummaryTests {
    private static func verdict(
        _ id: String, _ outcome: Outcome, _ reason: ReasonCode? = nil, expected: ExpectedVerdict? = nil
    ) -> CompletedVerdict {
        CompletedVerdict(
            id: id, language: .python, outcome: outcome, primary: reason, expected: expected, recordDigest: "d")
    }

    @Test("the digest does not depend on order and does on outcome, reason and id")
    func digests() {
        let verdicts = (0..<50).map {
            Self.verdict("r\($0)", $0 % 3 == 0 ? .passed : .failed, $0 % 3 == 0 ? nil : .memory)
        }
        let digest = VerdictDigest.hex(verdicts)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<10 { #expect(VerdictDigest.hex(verdicts.shuffled(using: &random)) == digest) }
        var other = verdicts
        other[1].primary = .cpuTime
        #expect(VerdictDigest.hex(other) != digest)
        other = verdicts
        other[0].outcome = .rejected
        #expect(VerdictDigest.hex(other) != digest)
        other = verdicts
        other[0].id = "x"
        #expect(VerdictDigest.hex(other) != digest)
    }

    @Test("the digest is SHA-256 of the documented text")
    func digestsDocumentedText() {
        let text = "a\tpassed\t-\nb\tfailed\twrong_output\n"
        let verdicts = [Self.verdict("b", .failed, .wrongOutput), Self.verdict("a", .passed)]
        #expect(VerdictDigest.hex(verdicts) == Digest.hex(of: Array(text.utf8)))
        #expect(
            Digest.hex(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(
        "the exit code follows agreement, and inconclusive is never agreement",
        arguments: [
            ([verdict("a", .passed, expected: .pass), verdict("b", .failed, .memory, expected: .fail)], 0),
            ([verdict("a", .failed, .memory, expected: .pass)], 1), ([verdict("a", .passed, expected: .fail)], 1),
            ([verdict("a", .rejected, .artifactRejected, expected: .fail)], 1), ([verdict("a", .passed)], 0),
            ([verdict("a", .failed, .memory)], 1),
            ([verdict("a", .inconclusive, .hostResource, expected: .fail), verdict("b", .failed, .memory)], 3),
        ] as [([CompletedVerdict], Int32)])
    func exitCode(verdicts: [CompletedVerdict], code: Int32) {
        #expect(VerdictSummary(verdicts).exitCode == code)
    }

    @Test("lists disagreements by id and counts per language")
    func lists() {
        let summary = VerdictSummary([
            Self.verdict("z", .passed, expected: .fail), Self.verdict("a", .failed, .memory, expected: .pass),
            Self.verdict("m", .passed, expected: .pass),
        ])
        #expect(summary.disagreements.map(\.id) == ["a", "z"])
        #expect(summary.agreed == 1)
        #expect(summary.languages[.python]?[.passed] == 2)
        #expect(summary.json["schema"] == .string("orket.verify-summary/1"))
    }
}
