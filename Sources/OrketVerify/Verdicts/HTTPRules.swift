import OrketCore

/// Turns what came of a service and of its responses into a verdict. Pure.
enum HTTPRules {
    /// How one question to the probe ended.
    enum Ending: Sendable {
        case told(HTTPReply)
        /// The probe itself did not answer in time.
        case timedOut
        /// What came is nothing that the probe sends.
        case forged(String)
        /// The sandbox ended; what it saw.
        case lost(RunResult)
    }

    private static let maximumProblems = 20

    /// Nil when the service stands ready.
    static func start(_ ending: Ending, withinMs: UInt64) -> Verdict? {
        switch ending {
        case .told(.ready): return nil
        case .told(.notReady(_, _, let end?)): return failed(ended(end, "before it was ready"))
        case .told(.notReady(_, let text, nil)):
            let last = text.prefix(200).description.jsonEscaped
            return failed(Reason(.wallTime, "the service was not ready within \(withinMs) ms: \(last)"))
        case .told: return forged("no word about the start")
        case .timedOut: return failed(Reason(.wallTime, "the service was not ready within \(withinMs) ms"))
        case .forged(let sentence): return forged(sentence)
        case .lost(let run): return lost(run)
        }
    }

    /// The verdict over one response.
    static func verdict(_ ending: Ending, expected: HTTPBody.Expected, wallMs: UInt64) -> Verdict {
        switch ending {
        case .told(.response(let status, let headers, let body)): return compare(status, headers, body, expected)
        case .told(.trouble(_, _, let end?)): return failed(ended(end, "before it answered"))
        case .told(.trouble(let kind, let text, nil)): return trouble(kind, text, wallMs)
        case .told: return forged("no word about a response")
        case .timedOut: return failed(Reason(.wallTime, "no complete response within \(wallMs) ms"))
        case .forged(let sentence): return forged(sentence)
        case .lost(let run): return lost(run)
        }
    }

    private static func failed(_ reason: Reason) -> Verdict { Verdict(.failed, [reason]) }

    private static func forged(_ sentence: String) -> Verdict {
        Verdict(.rejected, [Reason(.resultChannelForged, "what came over the result channel is none: \(sentence)")])
    }

    private static func ended(_ end: ExitStatus, _ when: String) -> Reason {
        switch end {
        case .exited(0): Reason(.missingExpectedTest, "the service ended \(when)")
        case .exited(let status): Reason(.nonzeroExit, "the service ended with exit status \(status) \(when)")
        case .signaled(let signal): Reason(.signal, "the service was ended by signal \(signal) \(when)")
        }
    }

    private static func trouble(_ kind: String, _ text: String, _ wallMs: UInt64) -> Verdict {
        let what = text.prefix(200).description.jsonEscaped
        switch kind {
        case "slow": return failed(Reason(.wallTime, "no complete response within \(wallMs) ms: \(what)"))
        case "oversized": return failed(Reason(.outputLimit, "the response is too large: \(what)"))
        case "malformed": return failed(Reason(.wrongOutput, "the response is no good HTTP: \(what)"))
        case "closed", "refused": return failed(Reason(.wrongOutput, "there is no complete response: \(what)"))
        default: return forged("unknown trouble")
        }
    }

    /// The sandbox ended beneath the probe. What stopped it is told by the host; an end without such a cause was the
    /// candidate's doing, as nothing else runs there.
    private static func lost(_ run: RunResult) -> Verdict {
        switch run.outcome {
        case .rejected, .inconclusive, .cancelled: return Verdict(run.outcome, run.reasons)
        case .failed where !run.reasons.isEmpty:
            return Verdict(
                .failed, run.reasons.map { Reason($0.code, source: $0.source, "while the service ran: \($0.detail)") })
        case .passed, .failed:
            return failed(Reason(.missingExpectedTest, "the sandbox of the service ended before the requests did"))
        }
    }

    private static func compare(
        _ status: Int, _ headers: [(name: String, value: String)], _ body: [UInt8], _ expected: HTTPBody.Expected
    ) -> Verdict {
        var problems: [String] = []
        if status != expected.status { problems.append("the status is \(status), expected \(expected.status)") }
        for (name, matcher) in expected.headers {
            let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
            if values.isEmpty {
                problems.append("there is no header \(name)")
            } else {
                let text = MatchedText(Array(values.joined(separator: ", ").utf8))
                problems += matcher.problems(text, "the header \(name)")
            }
        }
        if let matcher = expected.body { problems += matcher.problems(MatchedText(body), "the body") }
        problems += JSONAssertion.problems(expected.json, MatchedText(body), "the body")
        let reasons = problems.prefix(maximumProblems).map { Reason(.wrongOutput, $0) }
        return Verdict(reasons.isEmpty ? .passed : .failed, reasons)
    }
}
