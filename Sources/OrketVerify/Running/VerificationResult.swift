package import OrketCore

/// A verdict with the figures and the evidence behind it.
package struct VerificationResult: Sendable {
    package var verdict: Verdict
    /// Of the trials that ran, in their order.
    package var trials: [TrialResult]
    package var assurance: Assurance
    /// Compile and all trials together: times are summed, peaks are the highest.
    package var usage: Usage
    package var timings: VerificationTimings
    /// Of the last sandbox: what was read back from the kernel.
    package var isolation: Isolation
    /// Of each sandbox in order, without repetitions.
    package var planDigests: [String]
    /// Each plan and role with what was read back of the last such sandbox, in the order of their first use.
    package var sandboxes: [SandboxSeen] = []
    /// Compile steps of the candidate, in their order, where results of such are kept.
    package var compilations: [CompileUse] = []
    /// Of steps that belong to no case. Nothing that could tell of a hidden case is among them, nor among those of trials.
    package var streams: [SeenStream] = []
    /// Streams that are beyond the number that is told of.
    package var streamsLeftOut = 0
    /// What the deciding program wrote to stderr; nil when passed, hidden or silent.
    package var diagnostic: Diagnostic?
}

/// A plan, what the kernel said of a sandbox that was built from it, and what that was for.
package struct SandboxSeen: Sendable {
    package var role: SandboxRole
    package var plan: String
    package var isolation: Isolation
    /// It was another verification's, which compiled the same.
    package var isReused = false

    init(_ role: SandboxRole, plan: String, isolation: Isolation, isReused: Bool = false) {
        (self.role, self.plan, self.isolation, self.isReused) = (role, plan, isolation, isReused)
    }

    /// Nil for a run that never had a sandbox.
    init?(_ role: SandboxRole, _ run: RunResult, isReused: Bool = false) {
        if run.planDigest.isEmpty { return nil }
        self.init(role, plan: run.planDigest, isolation: run.isolation, isReused: isReused)
    }

    /// The last of each plan and role among `all`, in the order of their first use.
    static func distinct(_ all: [SandboxSeen]) -> [SandboxSeen] {
        var seen: [SandboxSeen] = []
        for new in all {
            if let index = seen.firstIndex(where: { $0.plan == new.plan && $0.role == new.role }) {
                seen[index] = new
            } else {
                seen.append(new)
            }
        }
        return seen
    }
}

extension [SandboxSeen] {
    /// The digests of the plans, each once.
    var plans: [String] { map(\.plan).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
