/// What the supervisor saw of one run. `outcome` is `passed` when the program exited 0 and nothing was stopped or refused.
package struct RunResult: Sendable {
    package var outcome: Outcome
    /// Primary reason first, the rest by precedence; empty when passed.
    package var reasons: [Reason]
    package var exit: ExitStatus?
    package var usage: Usage
    package var limits: Limits
    package var isolation: Isolation
    package var stdout: CapturedStream
    package var stderr: CapturedStream
    package var outputs: [CollectedFile]
    /// Hex SHA-256 of the plan's canonical text.
    package var planDigest: String
    package var timings: RunTimings

    package init(
        outcome: Outcome, reasons: [Reason], exit: ExitStatus? = nil, usage: Usage = Usage(), limits: Limits,
        isolation: Isolation = Isolation(), stdout: CapturedStream = CapturedStream(),
        stderr: CapturedStream = CapturedStream(), outputs: [CollectedFile] = [], planDigest: String = "",
        timings: RunTimings = RunTimings()
    ) {
        self.outcome = outcome
        self.reasons = reasons
        self.exit = exit
        self.usage = usage
        self.limits = limits
        self.isolation = isolation
        self.stdout = stdout
        self.stderr = stderr
        self.outputs = outputs
        self.planDigest = planDigest
        self.timings = timings
    }
}

/// One stream: every byte counted and hashed, head and tail kept.
package struct CapturedStream: Sendable {
    package var byteCount: UInt64 = 0
    /// True when bytes between head and tail were dropped, or when the output limit ended the run.
    package var truncated = false
    package var head: [UInt8] = []
    package var tail: [UInt8] = []
    /// Hex SHA-256 of every byte that arrived.
    package var sha256 = ""

    package init() {}

    /// All bytes when nothing was dropped, else head and tail.
    package var bytes: [UInt8] { head + tail }
}

/// A regular file that was taken from the workspace after the tree was dead. Its bytes are the candidate's.
package struct CollectedFile: Sendable {
    package var path: String
    package var bytes: [UInt8]
    package var executable: Bool

    package init(path: String, bytes: [UInt8], executable: Bool) {
        self.path = path
        self.bytes = bytes
        self.executable = executable
    }
}

/// Where the time of a run went, milliseconds.
package struct RunTimings: Sendable {
    package var pooled = false
    /// From the request to a prepared sandbox; 0 for a pooled one.
    package var prepareMs = 0.0
    /// From the start message to the end of the main process.
    package var programMs = 0.0
    /// From there to a verified empty tree.
    package var teardownMs = 0.0

    package init() {}
}

/// Evidence of enforcement, read back from the kernel while the payload stood ready, before its first instruction.
package struct Isolation: Sendable {
    package var level: IsolationLevel
    /// Protections that the policy allowed to be absent, and that are absent.
    package var degraded: [Protection]
    private let read: @Sendable () -> [String: String]

    /// `read` renders what was read; called when somebody asks, since parsing costs more than a run of a small program.
    package init(
        level: IsolationLevel = .none, degraded: [Protection] = [],
        read: @escaping @Sendable () -> [String: String] = { [:] }
    ) {
        self.level = level
        self.degraded = degraded
        self.read = read
    }

    /// What was read for each mechanism: `noNewPrivs` -> `1`, `seccompMode` -> `2`, `capEff` -> `0000000000000000`, ...
    package var mechanisms: [String: String] { read() }
}
