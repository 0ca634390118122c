import OrketCore
import Testing

@Suite("The result model")
struct ResultsTests {
    @Test(
        "a moment is spelled as RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_001, "2100-02-28T23:59:59.001Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_772_323_199_123, "2026-02-28T23:59:59.123Z"),
            (Int64.max, "9999-12-31T23:59:59.999Z"), (Int64.min, "0000-01-01T00:00:00.000Z"),
        ])
    func time(milliseconds: Int64, text: String) {
        #expect(UTCTime(milliseconds: milliseconds).rfc3339 == text)
        #expect(text.hasPrefix(UTCTime(milliseconds: milliseconds).seconds + "."))
    }

    @Test("an excerpt is bounded, and tells what it lacks")
    func excerpt() {
        let all = Excerpt([UInt8](repeating: 7, count: Excerpt.maximumBytes + 1))
        #expect(all.bytes.count == Excerpt.maximumBytes && all.isTruncated && all.totalBytes == 4_097)
        #expect(!Excerpt(Array("ab".utf8)).isTruncated)
        var stream = CapturedStream()
        #expect(Excerpt(endOf: stream) == nil)
        stream.tail = Array("end".utf8)
        stream.byteCount = 1_000
        #expect(Excerpt(endOf: stream)?.offset == 997 && Excerpt(endOf: stream)?.line == nil)
        #expect(Excerpt([0xFF]).json["base64"] == .string("/w==") && Excerpt([0x41]).json["text"] == .string("A"))
    }

    @Test("a hidden case keeps nothing that it could tell")
    func redacts() {
        let secret = Excerpt(Array("secret".utf8))
        let place = SourceLocation(file: "f", line: 3)
        func item(isHidden: Bool) -> CaseReport {
            CaseReport(
                id: "a", location: place, isHidden: isHidden, outcome: .failed,
                reasons: [Reason(.wrongOutput, source: .selfReported, "secret")], usage: Usage(wallMs: 1),
                exit: .exited(1), expected: secret, actual: secret, stderr: secret)
        }
        let told = "\(item(isHidden: false))"
        #expect(told.contains("secret"))
        let hidden = item(isHidden: true)
        #expect(!"\(hidden)".contains("secret"))
        #expect(hidden.usage == nil && hidden.exit == nil && hidden.expected == nil && hidden.stderr == nil)
        #expect(hidden.reasons.map(\.code) == [.wrongOutput] && hidden.reasons[0].source == .selfReported)
    }

    @Test("the gravest outcome stands for all, and its exit code; no fixture is no pass")
    func outcome() {
        func report(_ outcomes: [Outcome], expecting: [Outcome?] = []) -> VerificationReport {
            let fixtures = outcomes.enumerated().map { index, outcome in
                var fixture = FixtureReport(
                    id: "f\(index)", location: SourceLocation(file: "f"), kind: "cli", candidate: "c", outcome: outcome,
                    reasons: outcome == .passed ? [] : [Reason(.signal, "s")], assurance: .blackbox)
                let expected = index < expecting.count ? expecting[index] : nil
                fixture.expectation = expected.map { Expectation(outcome: $0, reason: $0 == .passed ? nil : .signal) }
                return fixture
            }
            return VerificationReport(
                version: "1", host: "h", startedAt: UTCTime(milliseconds: 0), durationMs: 0, fixtures: fixtures)
        }
        #expect(report([]).exitCode(checkingExpectations: false) == 1)
        #expect(report([]).exitCode(checkingExpectations: true) == 1)
        #expect(report([.passed, .failed, .passed]).exitCode(checkingExpectations: false) == 1)
        #expect(report([.rejected, .failed]).exitCode(checkingExpectations: false) == 4)
        #expect(report([.rejected, .inconclusive]).exitCode(checkingExpectations: false) == 3)
        #expect(report([.cancelled, .inconclusive]).exitCode(checkingExpectations: true) == 130)
        #expect(report([.failed, .passed], expecting: [.failed]).exitCode(checkingExpectations: true) == 0)
        #expect(report([.passed, .failed], expecting: [.passed]).exitCode(checkingExpectations: true) == 1)
        #expect(report([.failed], expecting: [.rejected]).exitCode(checkingExpectations: true) == 1)
        #expect(report([.failed, .failed, .passed]).counts == [.failed: 2, .passed: 1])
    }
}
