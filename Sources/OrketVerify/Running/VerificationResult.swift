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
    /// What the deciding program wrote to stderr; nil when passed, hidden or silent.
    package var diagnostic: Diagnostic?
}
