import OrketCore

/// The calls of one check, passed on one by one.
struct CheckLink {
    private let checker: DriverSession
    private let candidate: DriverSession
    private let end: ContinuousClock.Instant
    /// The checker's process of this check is over: its driver can serve the next.
    private(set) var isCheckerFree = false

    /// Extra time of the checker's side once the candidate's is over, milliseconds.
    private static let graceMs: UInt64 = 5_000
    /// Calls of one check.
    private static let maximumCalls = 1_000_000

    init(checker: DriverSession, candidate: DriverSession, endMs: UInt64) {
        self.checker = checker
        self.candidate = candidate
        end = ContinuousClock.now + .milliseconds(Int64(clamping: endMs))
    }

    private var restMs: UInt64 {
        let rest = (end - ContinuousClock.now) / .milliseconds(1)
        return rest > 0 ? UInt64(rest) : 0
    }

    mutating func run(_ body: CheckBody) async -> CheckRules.Conclusion {
        let request = JSONValue.object([
            .init("module", .string(body.module)), .init("file", .string("checker")),
            .init("source", .string(String(decoding: body.source, as: UTF8.self))),
            .init("entries", .array(body.entries.map { .string($0) })), .init("style", .string(body.style.rawValue)),
            .init("function", .string(body.function)),
        ])
        var next = await checker.ask(request, within: restMs)
        for _ in 0..<Self.maximumCalls {
            switch next {
            case .failure(.timedOut): return .timedOut
            case .failure: return .checkerEnded
            case .success(let message):
                if let checked = message["checked"] {
                    isCheckerFree = true
                    return .checked(checked)
                }
                switch await candidate.ask(message, within: restMs) {
                case .failure(let failure): return await refuse(failure)
                case .success(let answer):
                    // Checked here, so that the checker's side reads only what is well-formed.
                    guard let reply = CaseReply(answer) else {
                        return await refuse(.malformed("it is no answer of a call"))
                    }
                    next = await checker.ask(answer, within: restMs)
                    if case .success(let message) = next, let checked = message["checked"], checked["refused"] != nil {
                        isCheckerFree = true
                        return .refused(reply)
                    }
                }
            }
        }
        return .timedOut
    }

    /// The candidate gives no answer: the checker is told to give up, so that its driver can serve others.
    private mutating func refuse(_ failure: DriverSession.Failure) async -> CheckRules.Conclusion {
        let ended = await checker.ask(.object([.init("gone", .bool(true))]), within: Self.graceMs)
        if case .success(let message) = ended, message["checked"] != nil { isCheckerFree = true }
        switch failure {
        case .timedOut: return .timedOut
        case .ended: return .candidateEnded
        case .malformed(let sentence): return .forged(sentence)
        }
    }
}
