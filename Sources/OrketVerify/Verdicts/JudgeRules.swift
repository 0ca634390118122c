import OrketCore
import OrketSandbox

/// Turns what candidate and judge came to into a verdict. Pure.
enum JudgeRules {
    /// Bytes of the judge's word that a verdict quotes.
    private static let maximumWord = 200

    /// The verdict over a candidate that did not end well, nil for one whose output counts.
    static func stopped(_ candidate: RunResult) -> Verdict? {
        let verdict = VerdictRules.trialVerdict(Trial(name: ""), candidate)
        return verdict.outcome == .passed ? nil : verdict
    }

    /// The verdict of the judge's end: 0 accepts, 1 refuses. Everything else says nothing about the candidate. `word` is what
    /// the judge wrote about it.
    static func verdict(_ judge: RunResult, says word: CapturedStream) -> Verdict {
        switch judge.outcome {
        case .cancelled, .inconclusive, .rejected:
            return Verdict(
                judge.outcome == .cancelled ? .cancelled : .inconclusive,
                judge.reasons.map { Reason($0.code, source: $0.source, "the judge: \($0.detail)") })
        case .passed where judge.exit == .exited(0): return Verdict(.passed)
        case .failed where judge.exit == .exited(1) && judge.reasons.allSatisfy { $0.code == .nonzeroExit }:
            let quote = quoted(word)
            return Verdict(
                .failed, [Reason(.wrongOutput, "the judge refuses it" + (quote.isEmpty ? "" : ": " + quote))])
        case .passed, .failed: return unproven(judge.reasons.map(\.detail).joined(separator: ", "))
        }
    }

    /// The verdict over a match. Whoever ended first did so for a reason of its own.
    static func verdict(_ end: JudgeMatch.End) -> Verdict {
        if end.isCancelled { return Verdict(.cancelled, [Reason(.cancelled, "the match was told to stop")]) }
        switch end.flooded {
        case .candidate:
            let sentence = "more than \(InputRelay.maximumQueued) bytes that the judge did not read"
            return Verdict(.failed, [Reason(.outputLimit, sentence)])
        case .judge: return unproven("it wrote more than \(InputRelay.maximumQueued) bytes that nobody read")
        case nil: break
        }
        if end.candidate.outcome == .inconclusive { return Verdict(.inconclusive, end.candidate.reasons) }
        if end.judge.outcome == .inconclusive { return verdict(end.judge, says: end.judge.stderr) }
        if end.isJudgeOverdue {
            let stop = stopped(end.candidate)
            if let stop, !stop.reasons.allSatisfy({ waits.contains($0.code) }) { return stop }
            return unproven("it went on after the candidate had ended and its stdin was at its end")
        }
        // Ended because the judge was done with it.
        if end.candidate.outcome == .cancelled { return verdict(end.judge, says: end.judge.stderr) }
        switch end.first {
        case .judge:
            let verdict = verdict(end.judge, says: end.judge.stderr)
            // An accepted candidate still has to come to its end.
            return verdict.outcome == .passed ? stopped(end.candidate) ?? verdict : verdict
        case .candidate: return stopped(end.candidate) ?? verdict(end.judge, says: end.judge.stderr)
        }
    }

    /// Limits that a candidate also meets while it waits for its judge.
    private static let waits: Set<ReasonCode> = [.wallTime, .idleTime]

    /// The judge cannot be had at all.
    static func judgeNeverStood(_ verdict: Verdict) -> Verdict {
        if verdict.outcome == .cancelled { return verdict }
        return unproven(verdict.reasons.map(\.detail).joined(separator: ", "))
    }

    private static func unproven(_ what: String) -> Verdict {
        Verdict(.inconclusive, [Reason(.unprovenFixture, "the judge gave no verdict: \(what)")])
    }

    private static func quoted(_ word: CapturedStream) -> String {
        let text = String(decoding: word.head.prefix(maximumWord), as: UTF8.self)
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        return text[..<end].description.jsonEscaped + (word.byteCount > UInt64(maximumWord) ? "..." : "")
    }
}
