import OrketCore

/// Turns the end of a check into a verdict. Pure.
enum CheckRules {
    /// How a check ended.
    enum Conclusion: Sendable {
        /// What the checker's driver told: `{"passed": n}`, `{"failed": text}`, ...
        case checked(JSONValue)
        /// The candidate gave an answer that no checker can go on with.
        case refused(CaseReply)
        case timedOut
        case candidateEnded
        case candidateNeverStood
        case forged(String)
        /// The checker's process or sandbox is gone.
        case checkerEnded
        case checkerLost(CheckerPool.NotStanding)

        /// The candidate is not waited for.
        var endsCandidate: Bool {
            switch self {
            case .checked, .refused, .candidateEnded: false
            default: true
            }
        }
    }

    /// The verdict, with what the candidate's sandbox saw.
    static func verdict(_ conclusion: Conclusion, candidate: RunResult, wallMs: UInt64) -> Verdict {
        switch conclusion {
        case .checked(let told): return verdict(told)
        case .refused(let reply): return verdict(reply)
        case .timedOut:
            return Verdict(.failed, [Reason(.wallTime, "the check did not end within \(wallMs) ms")])
        case .forged(let sentence):
            return Verdict(
                .rejected, [Reason(.resultChannelForged, "the candidate wrote to the result channel: \(sentence)")])
        case .candidateEnded:
            if candidate.outcome == .passed {
                let sentence = "the candidate's process ended before the check did"
                return Verdict(.failed, [Reason(.missingExpectedTest, sentence)])
            }
            return Verdict(candidate.outcome, candidate.reasons)
        case .candidateNeverStood:
            return inconclusive(.sandboxSetupFailed, "the driver of the candidate did not start", candidate.reasons)
        case .checkerEnded: return inconclusive(.supervisorLostChild, "the checker's sandbox was lost", [])
        case .checkerLost(let lost):
            return inconclusive(.sandboxSetupFailed, "the driver of the checker did not start", lost.reasons)
        }
    }

    private static func inconclusive(_ code: ReasonCode, _ sentence: String, _ more: [Reason]) -> Verdict {
        Verdict(.inconclusive, [Reason(code, ([sentence] + more.map(\.detail)).joined(separator: ": "))])
    }

    private static func verdict(_ told: JSONValue) -> Verdict {
        let place = if case .integer(let line)? = told["line"] { " at line \(line)" } else { "" }
        if case .integer(let count)? = told["passed"] {
            if count > 0 { return Verdict(.passed) }
            if case .integer(let skipped)? = told["skipped"], skipped > 0 {
                return Verdict(.failed, [Reason(.allSkipped, "all \(skipped) tests were skipped")])
            }
            return Verdict(.failed, [Reason(.noTestsRan, "the checker holds no test")])
        }
        if let text = told["failed"]?.string {
            let what = text.isEmpty ? "" : ": " + text.prefix(200).description.jsonEscaped
            return mismatch("the checker's assertion\(place) does not hold\(what)")
        }
        if let (types, text) = exception(told["raised"]) {
            return mismatch("the candidate raised \(CaseReply.sentence(types, text)), called\(place)")
        }
        if let (types, text) = exception(told["checkerRaised"]) {
            return mismatch("the checker cannot use the answer\(place): \(CaseReply.sentence(types, text))")
        }
        if let text = told["invalid"]?.string {
            return Verdict(.inconclusive, [Reason(.unprovenFixture, text.prefix(200).description.jsonEscaped)])
        }
        return inconclusive(.supervisorLostChild, "the checker's process ended without a word", [])
    }

    private static func mismatch(_ sentence: String) -> Verdict {
        Verdict(.failed, [Reason(.resultMismatch, sentence)])
    }

    private static func exception(_ json: JSONValue?) -> (types: [String], text: String)? {
        guard let json, case .exception(let types, let text)? = CaseReply(.object([.init("exception", json)])) else {
            return nil
        }
        return (types, text)
    }

    private static func verdict(_ reply: CaseReply) -> Verdict {
        switch reply {
        case .missing: Verdict(.failed, [Reason(.artifactMissing, "the candidate has no such entry point")])
        case .unloadable(let types, let text):
            Verdict(
                .failed, [Reason(.nonzeroExit, "the candidate cannot be loaded: \(CaseReply.sentence(types, text))")])
        case .cannotCross(let sentence):
            mismatch("the result is no plain value: \(sentence.prefix(200).description.jsonEscaped)")
        case .value, .exception: inconclusive(.supervisorLostChild, "the checker gave up at a plain answer", [])
        }
    }
}

extension Verdict {
    /// Without anything that a hidden case must not tell.
    var redacted: Verdict { Verdict(outcome, reasons.map { $0.redacted(of: "") }) }
}
