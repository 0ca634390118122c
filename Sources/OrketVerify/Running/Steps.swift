import OrketCore

/// The results of the sandboxes of one verification, gathered as they end.
struct Steps {
    var compile: RunResult?
    var trials: [RunResult] = []

    private var all: [RunResult] { (compile.map { [$0] } ?? []) + trials }

    /// The results as one, with the verdict that they led to.
    func result(_ verdict: Verdict, _ assurance: Assurance, total: Duration) -> VerificationResult {
        VerificationResult(
            verdict: verdict, assurance: assurance, usage: usage,
            timings: VerificationTimings(
                compileMs: compile?.usage.wallMs ?? 0, runMs: trials.reduce(0) { $0 + $1.usage.wallMs },
                totalMs: Double(total.components.seconds) * 1_000 + Double(total.components.attoseconds) / 1e15),
            isolation: all.last?.isolation ?? Isolation(), planDigests: plans, diagnostic: diagnostic(verdict))
    }

    private var usage: Usage {
        var sum = all.first?.usage ?? Usage()
        for usage in all.dropFirst().map(\.usage) {
            sum.wallMs += usage.wallMs
            sum.cpuMs += usage.cpuMs
            sum.memoryPeakBytes = max(sum.memoryPeakBytes, usage.memoryPeakBytes)
            sum.processesPeak = max(sum.processesPeak, usage.processesPeak)
        }
        return sum
    }

    private var plans: [String] {
        var plans: [String] = []
        for digest in all.map(\.planDigest) where !digest.isEmpty && !plans.contains(digest) { plans.append(digest) }
        return plans
    }

    private func diagnostic(_ verdict: Verdict) -> Diagnostic? {
        if verdict.outcome == .passed { return nil }
        let deciding = trials.first { $0.outcome != .passed } ?? trials.last
        if let deciding { return Diagnostic(step: "run", deciding.stderr) }
        return compile.flatMap { Diagnostic(step: "compile", $0.stderr) }
    }
}
