package import OrketCore

/// Turns what a runner told and what the host saw into a verdict: exactly the pinned tests must each have passed, and the
/// process must have ended well. Pure.
package enum SuiteRules {
    /// Sentences of one reason code; more are counted.
    static let maximumSentences = 20

    /// The verdict over the suite, and over each pinned test in order; none of those when nothing was decided.
    package static func verdict(
        pinned: [String], transcript: SuiteTranscript, run: RunResult
    ) -> (whole: Verdict, cases: [Verdict]) {
        if run.outcome == .inconclusive { return (Verdict(run.outcome, run.reasons), []) }
        // Before what the host ended it for: that is done at once where a message is forged.
        let tampering = self.tampering(transcript)
        if !tampering.isEmpty { return rejected(tampering, pinned) }
        if run.outcome == .cancelled { return (Verdict(run.outcome, run.reasons), []) }
        if run.outcome == .rejected { return rejected(run.reasons, pinned) }
        let results = self.results(pinned, transcript)
        let suiteWide = self.suiteWide(
            pinned, transcript, run, hasFailure: results.contains { $0?.code == .resultMismatch })
        // A test that passed is no pass of its own when the suite as a whole is none.
        let cases = results.map { reason in
            reason.map { Verdict(.failed, [$0]) }
                ?? (suiteWide.isEmpty ? Verdict(.passed) : Verdict(.failed, suiteWide))
        }
        let isAllSkipped = suiteWide.contains { $0.code == .allSkipped || $0.code == .noTestsRan }
        let own = isAllSkipped ? [] : results.compactMap { $0 }
        let reasons = bounded(suiteWide + own)
        return (Verdict(reasons.isEmpty ? .passed : .failed, reasons), cases)
    }

    /// Every pinned test shares the fate of the suite.
    static func rejected(_ reasons: [Reason], _ pinned: [String]) -> (whole: Verdict, cases: [Verdict]) {
        let verdict = Verdict(.rejected, reasons)
        return (verdict, pinned.map { _ in verdict })
    }

    private static func tampering(_ transcript: SuiteTranscript) -> [Reason] {
        var reasons = transcript.replaced.prefix(maximumSentences).map {
            Reason(.tamperedTests, "the candidate replaced \(shown($0)), a part of the test runner")
        }
        if let forged = transcript.forged {
            reasons.append(Reason(.resultChannelForged, "the candidate wrote to the result channel: \(forged)"))
        }
        return reasons
    }

    /// Why each pinned test is no pass; nil where it is one.
    private static func results(_ pinned: [String], _ transcript: SuiteTranscript) -> [Reason?] {
        let tests = Dictionary(transcript.tests.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return pinned.map { id in
            guard let test = tests[id] else { return Reason(.missingExpectedTest, "\(shown(id)) has no result") }
            let detail = test.detail.isEmpty ? "" : ": " + shown(test.detail)
            switch test.status {
            case .passed: return nil
            case .skipped: return told(.missingExpectedTest, "\(shown(id)) was skipped\(detail)")
            case .failed: return told(.resultMismatch, "\(shown(id)) failed\(detail)")
            case .error: return told(.resultMismatch, "\(shown(id)) could not be run to its end\(detail)")
            case .xfailed, .xpassed:
                return told(.resultMismatch, "\(shown(id)) is marked as expected to fail, which is no pass")
            }
        }
    }

    private static func suiteWide(
        _ pinned: [String], _ transcript: SuiteTranscript, _ run: RunResult, hasFailure: Bool
    ) -> [Reason] {
        var reasons = run.reasons.filter { $0.code != .nonzeroExit }
        let problems = transcript.problems.filter { !$0.isSkip }
        reasons += problems.map { problem in
            let detail = problem.detail.isEmpty ? "" : ": " + shown(problem.detail)
            return told(.resultMismatch, "\(shown(problem.place)) cannot be collected\(detail)")
        }
        let known = Set(pinned)
        reasons += transcript.tests.filter { !known.contains($0.id) }.map {
            told(.unexpectedTest, "\(shown($0.id)) was run and is not pinned")
        }
        let ran = transcript.tests.filter { $0.status != .skipped }
        let skipped = transcript.tests.count + transcript.problems.count - problems.count
        if !transcript.hasEnded {
            if run.reasons.allSatisfy({ $0.code == .nonzeroExit }) {
                let sentence =
                    "the runner ended after \(transcript.tests.count) tests, before it told the end of the suite"
                reasons.append(Reason(.missingExpectedTest, sentence))
            }
        } else if ran.isEmpty, problems.isEmpty {
            reasons.append(
                skipped > 0
                    ? told(.allSkipped, "all of \(skipped) tests were skipped") : told(.noTestsRan, "no test was run"))
        }
        // Runners exit with a status of their own when a test has failed: it says nothing more then.
        if !hasFailure, problems.isEmpty { reasons += run.reasons.filter { $0.code == .nonzeroExit } }
        return reasons
    }

    private static func told(_ code: ReasonCode, _ sentence: String) -> Reason {
        Reason(code, source: .selfReported, sentence)
    }

    private static func shown(_ text: String) -> String {
        let short = text.prefix(300)
        return short.description.jsonEscaped + (short.endIndex < text.endIndex ? "…" : "")
    }

    /// At most so many sentences of each code, and how many there are more.
    private static func bounded(_ reasons: [Reason]) -> [Reason] {
        var counts: [ReasonCode: Int] = [:]
        var kept: [Reason] = []
        for reason in reasons {
            counts[reason.code, default: 0] += 1
            if counts[reason.code, default: 0] <= maximumSentences { kept.append(reason) }
        }
        for (code, count) in counts where count > maximumSentences {
            kept.append(Reason(code, "and \(count - maximumSentences) more"))
        }
        return kept
    }
}
