import OrketCore

/// The results of the sandboxes of one verification, gathered as they end.
struct Steps {
    var compile: RunResult?
    var compilation: CompileUse?
    /// Files that the compile step made.
    var made: [CollectedFile] = []
    var trials: [RunResult] = []

    /// Failed trials of one verification of which excerpts are kept.
    private static let maximumExcerpts = 20

    private var all: [RunResult] { (compile.map { [$0] } ?? []) + trials }

    /// The results as one, with the verdict that they led to.
    func result(_ verdict: Verdict, of verification: Verification, total: Duration) -> VerificationResult {
        VerificationResult(
            verdict: verdict, trials: trialResults(verification.trials), assurance: verification.assurance,
            usage: usage,
            timings: VerificationTimings(
                compileMs: compile?.usage.wallMs ?? 0, runMs: trials.reduce(0) { $0 + $1.usage.wallMs },
                totalMs: Double(total.components.seconds) * 1_000 + Double(total.components.attoseconds) / 1e15),
            isolation: all.last?.isolation ?? Isolation(), planDigests: sandboxes.plans,
            sandboxes: sandboxes, compilations: [compilation].compactMap(\.self),
            streams: (compile.map { SeenStream.all(of: $0, step: "compile") } ?? [])
                + SeenStream.artefacts(made, step: "compile"), diagnostic: diagnostic(verdict, verification.trials))
    }

    private var usage: Usage { Usage(adding: all.map(\.usage)) }

    private var sandboxes: [SandboxSeen] {
        let compiler = compile.flatMap { SandboxSeen(.compiler, $0, isReused: compilation?.isReused ?? false) }
        return SandboxSeen.distinct(
            (compiler.map { [$0] } ?? []) + trials.compactMap { SandboxSeen(.candidate, $0) })
    }

    private func trialResults(_ trials: [Trial]) -> [TrialResult] {
        var excerpts = 0
        return zip(trials, self.trials).map { trial, run in
            let result = TrialResult(trial, run, keepsExcerpts: excerpts < Self.maximumExcerpts)
            if result.stderr != nil || result.actual != nil { excerpts += 1 }
            return result
        }
    }

    private func diagnostic(_ verdict: Verdict, _ trials: [Trial]) -> Diagnostic? {
        if verdict.outcome == .passed { return nil }
        let failed = zip(trials, self.trials).filter { VerdictRules.trialVerdict($0, $1).outcome != .passed }
        if let deciding = failed.first(where: { !$0.0.isHidden }) { return Diagnostic(step: "run", deciding.1.stderr) }
        // Only hidden ones failed, or a result is missing: then no stderr explains the verdict.
        if !self.trials.isEmpty { return nil }
        return compile.flatMap { Diagnostic(step: "compile", $0.stderr) }
    }
}
