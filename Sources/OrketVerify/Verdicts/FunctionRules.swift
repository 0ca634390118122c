import OrketCore

/// Turns what became of one call into a verdict. Pure.
enum FunctionRules {
    /// How one case ended.
    enum Ending: Sendable {
        /// The driver saw its process to the end. `oomKills`: processes that memory cost the sandbox meanwhile.
        case process(CaseProcess, oomKills: UInt64)
        /// The only call of its sandbox was answered.
        case answered(CaseReply, RunResult)
        /// No answer in time: the whole sandbox was ended for it.
        case timedOut
        /// The driver ended while the case ran; what its sandbox saw.
        case lost(RunResult)
        /// What came is nothing that a driver sends.
        case forged(String)
    }

    /// SIGKILL and SIGXCPU.
    private static let (killed, overCPU): (Int32, Int32) = (9, 24)

    /// The verdict over a case with these limits.
    static func verdict(_ ending: Ending, expected: FunctionBody.Expected, limits: CaseLimits) -> Verdict {
        switch ending {
        case .timedOut: return failed(.wallTime, "no answer within \(limits.wallMs) ms")
        case .forged(let sentence): return Verdict(.rejected, [Reason(.resultChannelForged, sentence)])
        case .lost(let result): return lost(result)
        case .answered(let reply, _): return verdict(reply, expected)
        case .process(let process, let oomKills):
            if let stop = stopped(process, oomKills, limits) { return stop }
            do throws(StrictJSON.Problem) {
                let json = try StrictJSON.parse(process.reply, deepest: 128)
                guard let reply = CaseReply(json) else { return forged("it is no answer of a call") }
                return verdict(reply, expected)
            } catch {
                return forged("byte \(error.offset): \(error.message)")
            }
        }
    }

    private static func failed(_ code: ReasonCode, _ sentence: String) -> Verdict {
        Verdict(.failed, [Reason(code, sentence)])
    }

    private static func forged(_ sentence: String) -> Verdict {
        Verdict(.rejected, [Reason(.resultChannelForged, "the candidate wrote to the result channel: \(sentence)")])
    }

    private static func stopped(_ process: CaseProcess, _ oomKills: UInt64, _ limits: CaseLimits) -> Verdict? {
        switch process.stopped {
        case "wall": return failed(.wallTime, "no answer within \(limits.wallMs) ms")
        case "output": return failed(.outputLimit, "more than \(limits.outputBytes) bytes were printed")
        case "reply": return failed(.resultMismatch, "the result is larger than \(limits.replyBytes) bytes")
        default: break
        }
        switch process.exit {
        case .signaled(killed) where oomKills > 0:
            return failed(.memory, "the call used more memory than the sandbox has")
        case .signaled(let signal)
        where signal == overCPU || signal == killed && process.cpuMs >= Double(limits.cpuSeconds) * 1_000:
            return failed(.cpuTime, "the call used more than \(limits.cpuSeconds) s of CPU time")
        case .signaled(let signal): return failed(.signal, "the process of the call was ended by signal \(signal)")
        case .exited(0) where process.reply.isEmpty:
            return failed(.missingExpectedTest, "the process ended before the call returned")
        case .exited(0): return nil
        case .exited(let status):
            return failed(.nonzeroExit, "the process ended with exit status \(status) before the call returned")
        }
    }

    /// The sandbox ended beneath the driver: what stopped it is told by the host, and an end without a cause of the host's was
    /// the candidate's doing, as nothing else runs there.
    private static func lost(_ result: RunResult) -> Verdict {
        switch result.outcome {
        case .rejected, .inconclusive, .cancelled: return Verdict(result.outcome, result.reasons)
        case .failed where !result.reasons.isEmpty:
            return Verdict(
                .failed, result.reasons.map { Reason($0.code, source: $0.source, "while the call ran: \($0.detail)") })
        case .passed, .failed: return failed(.missingExpectedTest, "the process ended before the call returned")
        }
    }

    private static func verdict(_ reply: CaseReply, _ expected: FunctionBody.Expected) -> Verdict {
        switch (reply, expected) {
        case (.value(let actual), .value(let wanted, let matcher)):
            if matcher.accepts(actual, expected: wanted) { return Verdict(.passed) }
            let what =
                actual.holdsNaN
                ? "the result holds NaN, which equals nothing"
                : actual.kind == wanted.kind
                    ? "the result is another one than expected"
                    : "the result is \(actual.kind), expected \(wanted.kind)"
            return failed(.resultMismatch, what)
        case (.exception(let types, let text), .exception(let type, let part)):
            if types.contains(type), part.isEmpty || text.contains(part) { return Verdict(.passed) }
            return failed(.resultMismatch, "another exception than expected: " + CaseReply.sentence(types, text))
        case (.value, .exception(let type, _)):
            return failed(.resultMismatch, "the call returned, expected is \(type.jsonEscaped)")
        case (.exception(let types, let text), .value):
            return failed(.resultMismatch, "the call raised " + CaseReply.sentence(types, text))
        case (.cannotCross(let sentence), _):
            return failed(
                .resultMismatch, "the result is no plain value: \(sentence.prefix(200).description.jsonEscaped)")
        case (.missing, _): return failed(.artifactMissing, "the candidate has no such entry point")
        case (.unloadable(let types, let text), _):
            return failed(.nonzeroExit, "the candidate cannot be loaded: " + CaseReply.sentence(types, text))
        }
    }
}

/// What one case may use; the driver and the rules both need it.
struct CaseLimits: Sendable, Hashable {
    var wallMs: UInt64
    /// RLIMIT_CPU counts whole seconds.
    var cpuSeconds: UInt64
    var outputBytes: UInt64
    var replyBytes: UInt64 = 2 << 20

    /// Those of a policy, for one case.
    init(_ limits: Limits) {
        wallMs = limits.wallMs
        cpuSeconds = max(1, (limits.cpuMs + 999) / 1_000)
        outputBytes = limits.outputBytes
    }

    /// As the drivers read them.
    var json: JSONValue {
        .object([
            .init("wallMs", .count(wallMs)), .init("cpuSeconds", .count(cpuSeconds)),
            .init("outputBytes", .count(outputBytes)), .init("replyBytes", .count(replyBytes)),
        ])
    }
}
