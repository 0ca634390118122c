package import OrketCore

/// All that a receipt says of one verification. Plain values from the verifier; what they may not say together is refused
/// when a receipt is made of them.
package struct VerificationFacts: Sendable {
    /// What was judged: its name for people, and the digest of its very content.
    package var candidate: Subject
    package var fixture: Subject
    package var policy: Subject
    /// The identity of compilers and interpreters; nil where none was taken.
    package var toolchain: Subject?
    package var verifier: VerifierIdentity
    /// Release of the kernel that enforced it, as uname(2) gives it.
    package var kernel: String
    package var outcome: Outcome
    /// The primary one first; empty exactly when passed.
    package var reasons: [Reason]
    package var assurance: Assurance
    /// Limits that were asked for each run; what the kernel holds is in `sandboxes`.
    package var limits: Limits
    /// All sandboxes together: times are summed, peaks are the highest.
    package var usage: Usage
    package var timings: AttestedTimings
    /// In the order of their use; at least one when passed.
    package var sandboxes: [SandboxFacts]
    /// Ids of the cases by how they ended; may be empty where a fixture has no cases.
    package var passedTests: [String] = []
    package var failedTests: [String] = []
    /// What a proof of the fixture was worth that was required: `valid`, `absent` or `stale`; nil when none was.
    package var proof: String?

    /// The facts; the ids of cases are set where there are any.
    package init(
        candidate: Subject, fixture: Subject, policy: Subject, toolchain: Subject? = nil, verifier: VerifierIdentity,
        kernel: String, outcome: Outcome, reasons: [Reason], assurance: Assurance, limits: Limits, usage: Usage,
        timings: AttestedTimings, sandboxes: [SandboxFacts]
    ) {
        self.candidate = candidate
        self.fixture = fixture
        self.policy = policy
        self.toolchain = toolchain
        self.verifier = verifier
        self.kernel = kernel
        self.outcome = outcome
        self.reasons = reasons
        self.assurance = assurance
        self.limits = limits
        self.usage = usage
        self.timings = timings
        self.sandboxes = sandboxes
    }

    /// Throws `untrue` for a pass that the facts do not bear, or another outcome without a reason.
    func check() throws(AttestError) {
        if (outcome == .passed) != reasons.isEmpty {
            throw AttestError(.untrue, "'\(outcome.rawValue)' with \(reasons.count) reasons")
        }
        if outcome == .passed, sandboxes.isEmpty || !failedTests.isEmpty {
            throw AttestError(.untrue, "'passed' without a sandbox, or with failed tests \(failedTests)")
        }
    }
}

/// What was read back from the kernel about one sandbox.
package struct SandboxFacts: Sendable, Hashable {
    /// Of the plan that it was built from.
    package var plan: HexDigest
    package var level: IsolationLevel
    /// Protections that the policy let be absent, and that were absent.
    package var degraded: [Protection]
    /// By the name of what was read, in the kernel's own words.
    package var mechanisms: [String: String]
    /// What it was for.
    package var role: SandboxRole
    /// It was another verification's, which compiled the same.
    package var isReused: Bool

    /// The facts of one sandbox.
    package init(
        plan: HexDigest, level: IsolationLevel, degraded: [Protection], mechanisms: [String: String],
        role: SandboxRole = .candidate, isReused: Bool = false
    ) {
        (self.role, self.isReused) = (role, isReused)
        self.plan = plan
        self.level = level
        self.degraded = degraded
        self.mechanisms = mechanisms
    }
}

/// When and how long, by the host's clocks.
package struct AttestedTimings: Sendable, Hashable {
    package var startedAt: UTCTime
    /// Milliseconds of real time: compiling, running, and all with preparing and taking down the sandboxes.
    package var compileMs: Double
    package var runMs: Double
    package var totalMs: Double

    /// The four figures.
    package init(startedAt: UTCTime, compileMs: Double, runMs: Double, totalMs: Double) {
        self.startedAt = startedAt
        self.compileMs = compileMs
        self.runMs = runMs
        self.totalMs = totalMs
    }
}

/// The program that judged.
package struct VerifierIdentity: Sendable, Hashable {
    /// What kind of program it is, for readers who know several.
    package static let uri = "https://orket.dev/verifier"

    package var version: String
    /// Of its executable.
    package var digest: HexDigest?

    /// A version, and the executable's digest where it is known.
    package init(version: String, digest: HexDigest? = nil) {
        self.version = version
        self.digest = digest
    }
}
