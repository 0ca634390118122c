package import OrketCore

/// Turns what the host saw of the runs of one verification into a verdict. Pure: no clock, no file, no kernel, so that
/// every rule is a row of a table test.
package enum VerdictRules {
    /// The verdict over a whole verification. `compile` is nil when nothing was compiled. Fewer results than `trials`
    /// is fine only when one of them already fails.
    package static func verdict(compile: RunResult?, trials: [Trial], results: [RunResult]) -> Verdict {
        if let stopped = compile.flatMap(compileVerdict) { return stopped }
        if trials.isEmpty { return Verdict(.failed, [Reason(.noTestsRan, "there is no trial to run")]) }
        let verdicts = zip(trials, results).map { trialVerdict($0, $1) }
        let outcome = verdicts.map(\.outcome).max { $0.severity < $1.severity } ?? .passed
        if outcome == .passed && results.count != trials.count {
            let sentence = "\(results.count) of \(trials.count) trials have a result"
            return Verdict(.inconclusive, [Reason(.supervisorLostChild, sentence)])
        }
        return Verdict(outcome, verdicts.flatMap(\.reasons))
    }

    /// The final verdict when the compile step already decides, nil when the program may run.
    package static func compileVerdict(_ result: RunResult) -> Verdict? {
        switch result.outcome {
        case .passed where result.exit == .exited(0): return nil
        case .passed: return lost("compile: ", result)
        case .failed:
            // The compiler's own end is told by the sentence; what the host stopped is kept as a reason of its own.
            let own: Set<ReasonCode> = [.nonzeroExit, .signal]
            let stops = result.reasons.filter { !own.contains($0.code) }.map { prefixed("compile: ", $0) }
            return Verdict(.failed, [Reason(.compileError, "the compile step " + ending(result.exit))] + stops)
        case .rejected, .inconclusive, .cancelled:
            return Verdict(result.outcome, result.reasons.map { prefixed("compile: ", $0) })
        }
    }

    /// The verdict over one trial. That of a hidden one tells codes only.
    package static func trialVerdict(_ trial: Trial, _ result: RunResult) -> Verdict {
        let prefix = trial.name.isEmpty ? "" : trial.name + ": "
        let verdict = openVerdict(trial, result, prefix)
        if !trial.isHidden { return verdict }
        return Verdict(verdict.outcome, verdict.reasons.map { $0.redacted(of: prefix) })
    }

    private static func openVerdict(_ trial: Trial, _ result: RunResult, _ prefix: String) -> Verdict {
        switch result.outcome {
        case .rejected, .inconclusive, .cancelled:
            return Verdict(result.outcome, result.reasons.map { prefixed(prefix, $0) })
        case .passed, .failed: break
        }
        let stops = result.reasons.filter { $0.code != .nonzeroExit }
        if !stops.isEmpty { return Verdict(.failed, result.reasons.map { prefixed(prefix, $0) }) }
        // From here on the program ended by itself, and the kernel said how; anything else is our own failure.
        guard case .exited(let status) = result.exit, (status == 0) == (result.outcome == .passed) else {
            return lost(prefix, result)
        }
        var reasons: [Reason] = []
        if status != trial.expectedExit {
            let code: ReasonCode = trial.expectedExit == 0 ? .nonzeroExit : .resultMismatch
            reasons.append(Reason(code, prefix + "exit status \(status), expected \(trial.expectedExit)"))
        }
        if let expected = trial.expectedStdout,
            let difference = OutputComparer.difference(expected: expected, actual: result.stdout)
        {
            reasons.append(Reason(.wrongOutput, prefix + difference))
        }
        return Verdict(reasons.isEmpty ? .passed : .failed, reasons)
    }

    private static func lost(_ prefix: String, _ result: RunResult) -> Verdict {
        let sentence = "\(prefix)outcome \(result.outcome.rawValue) does not fit a program that \(ending(result.exit))"
        return Verdict(.inconclusive, [Reason(.supervisorLostChild, sentence)])
    }

    private static func ending(_ exit: ExitStatus?) -> String {
        switch exit {
        case .exited(let status): "ended with exit status \(status)"
        case .signaled(let signal): "was ended by signal \(signal)"
        case nil: "has no known end"
        }
    }

    private static func prefixed(_ prefix: String, _ reason: Reason) -> Reason {
        Reason(reason.code, source: reason.source, prefix + reason.detail)
    }
}
