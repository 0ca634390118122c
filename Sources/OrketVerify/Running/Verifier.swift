import OrketCore
import OrketSandbox

/// Judges candidates: compile in a sandbox, run every trial in a fresh one, compare outside, conclude.
///
/// Theory of operation: the verifier holds the trusted copies of all files. A compile step gets them in its own
/// sandbox; what it leaves in the workspace is collected by descriptor after its tree is dead. Each trial starts from
/// the trusted copies again, to which only such artefacts are added as have other names, so no step can replace a test
/// or a source. Expected output stays in this process. The conclusion is `VerdictRules`, a pure function.
package struct Verifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies

    /// Files and bytes that a compile step may hand on.
    private static let artefactBounds = CollectBounds(maximumFiles: 1_024, maximumBytes: 256 << 20)

    /// A verifier for the languages of `policies`.
    package init(sandbox: any SandboxRunner, policies: ToolchainPolicies) {
        self.sandbox = sandbox
        self.policies = policies
    }

    /// Judges one candidate. Never throws: what our side fails at is `inconclusive`. Cancelling the task ends the run
    /// that is on, and the outcome is then `cancelled`.
    package func verify(_ verification: Verification) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var steps = Steps()
        var files = verification.files
        if let compile = verification.compile {
            let result = await self.compile(compile, verification)
            steps.compile = result
            if VerdictRules.compileVerdict(result) == nil { files = Self.merge(files, artefacts: result.outputs) }
        }
        let compiled = steps.compile.map { VerdictRules.compileVerdict($0) == nil } ?? true
        var missing: Verdict?
        if compiled {
            missing = Self.missingProgram(verification.run[0], files)
            if missing == nil { await run(verification, files, into: &steps) }
        }
        let verdict =
            missing
            ?? VerdictRules.verdict(compile: steps.compile, trials: verification.trials, results: steps.trials)
        return steps.result(verdict, of: verification, total: clock.now - start)
    }

    private func run(_ verification: Verification, _ files: [InputFile], into steps: inout Steps) async {
        for trial in verification.trials {
            let result = await self.run(trial, verification, files)
            steps.trials.append(result)
            let outcome = VerdictRules.trialVerdict(trial, result).outcome
            // A hanging host or a cancelled task will not do better at the next trial.
            if outcome == .inconclusive || outcome == .cancelled { return }
            if outcome != .passed && verification.stopsAtFirstFailure { return }
        }
    }

    private func compile(_ argv: [String], _ verification: Verification) async -> RunResult {
        var request = RunRequest(argv: argv)
        request.inputs = verification.files
        request.collectAll = Self.artefactBounds
        request.keepHeadBytes = 4_096
        request.keepTailBytes = Diagnostic.maximumBytes
        return await execute(request, policies.compile(verification.language, limits: verification.compileLimits))
    }

    private func run(_ trial: Trial, _ verification: Verification, _ files: [InputFile]) async -> RunResult {
        var request = RunRequest(argv: verification.run)
        request.inputs = files
        request.stdin = trial.stdin.isEmpty ? .empty : .bytes(trial.stdin)
        request.keepHeadBytes = max(4_096, OutputComparer.keptBytes(expected: trial.expectedStdout ?? []))
        request.keepTailBytes = Diagnostic.maximumBytes
        return await execute(request, policies.run(verification.language, limits: verification.runLimits))
    }

    private func execute(_ request: RunRequest, _ policy: Policy) async -> RunResult {
        do {
            return try await sandbox.execute(request, policy: policy)
        } catch {
            let sentence = error.hint.isEmpty ? error.message : "\(error.message) (\(error.hint))"
            return RunResult(
                outcome: .inconclusive, reasons: [Reason(.sandboxSetupFailed, sentence)], limits: policy.limits)
        }
    }

    /// The trusted files, then the artefacts whose names are free: taken by no trusted file, nor beneath one.
    static func merge(_ files: [InputFile], artefacts: [CollectedFile]) -> [InputFile] {
        let taken = Set(files.map(\.path))
        let closed = Set(files.filter { $0.kind != .directory }.map(\.path))
        func isFree(_ path: String) -> Bool {
            !taken.contains(path)
                && !path.indices.contains { path[$0] == "/" && closed.contains(String(path[..<$0])) }
        }
        return files
            + artefacts.filter { isFree($0.path) }.map {
                InputFile(path: $0.path, bytes: $0.bytes, executable: $0.executable)
            }
    }

    /// A program that must lie in the workspace and does not is the candidate's failure, not the sandbox's.
    static func missingProgram(_ program: String, _ files: [InputFile]) -> Verdict? {
        guard program.hasPrefix("./") else { return nil }
        let path = String(program.dropFirst(2))
        if files.contains(where: { $0.path == path }) { return nil }
        let sentence = "the compile step left no file '\(path.jsonEscaped)'"
        return Verdict(.failed, [Reason(.artifactMissing, sentence)])
    }
}
