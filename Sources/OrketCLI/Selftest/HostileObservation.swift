package import OrketCore

/// What was seen of one run, hostile or control, inside or outside the sandbox: the only input of the judgement.
package struct HostileObservation: Sendable, Hashable {
    /// `passed` for a host process that ended by itself with 0, `failed` for any other; `inconclusive` when nothing ran.
    package var outcome: Outcome
    /// Primary reason first; empty for a host process.
    package var reasons: [ReasonCode]
    package var exit: ExitStatus?
    /// The program's own last line, or what went wrong around it. Hostile text.
    package var text: String
    /// Processes named after the run that were still there when it was over.
    package var survivors: Int
    /// The token of the canary stands in a collected output.
    package var leaksToken: Bool
    /// Number of outputs that were collected.
    package var collected: Int
    package var milliseconds: Double

    package init(
        outcome: Outcome, reasons: [ReasonCode] = [], exit: ExitStatus? = nil, text: String = "", survivors: Int = 0,
        leaksToken: Bool = false, collected: Int = 0, milliseconds: Double = 0
    ) {
        self.outcome = outcome
        self.reasons = reasons
        self.exit = exit
        self.text = text
        self.survivors = survivors
        self.leaksToken = leaksToken
        self.collected = collected
        self.milliseconds = milliseconds
    }

    /// How the run ended, in a few words.
    package var ending: String {
        var words = outcome.rawValue
        if let first = reasons.first { words += " (\(first.rawValue))" }
        switch exit {
        case .exited(let code): words += ", exit code \(code)"
        case .signaled(let number): words += ", signal \(number)"
        case nil: break
        }
        return words
    }
}

/// What the two runs of a program prove.
package enum HostileVerdict: String, Sendable, CaseIterable {
    /// It ended as promised, stopped or let run below its limits, and the control run shows that it would have ended
    /// otherwise without the protection.
    case held
    /// The attack succeeded in the sandbox.
    case escaped
    /// It was stopped, but not in the way that was promised.
    case unexpected
    /// It was stopped, but the control run failed too: the test proves nothing.
    case unproved
    /// The sandbox or the program did not work, so nothing was tried.
    case broken
    /// This host cannot run it, or its kernel lacks what the attack aims at.
    case skipped

    /// True when the self-test cannot succeed with it.
    package var isFailure: Bool { self != .held && self != .skipped }
}
