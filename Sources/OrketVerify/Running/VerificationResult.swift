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
    /// Each plan with what was read back of the last sandbox that was built from it, in the order of `planDigests`.
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

/// A plan, and what the kernel said of a sandbox that was built from it.
package struct SandboxSeen: Sendable {
    package var plan: String
    package var isolation: Isolation

    /// One for each plan among `results`, in the order of their first use.
    package static func all(_ results: [RunResult]) -> [SandboxSeen] {
        var seen: [SandboxSeen] = []
        for result in results where !result.planDigest.isEmpty {
            let new = SandboxSeen(plan: result.planDigest, isolation: result.isolation)
            if let index = seen.firstIndex(where: { $0.plan == new.plan }) {
                seen[index] = new
            } else {
                seen.append(new)
            }
        }
        return seen
    }
}
