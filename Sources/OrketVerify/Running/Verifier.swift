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
    private let compiler: Compiler

    /// Files and bytes that a compile step may hand on.
    static let artefactBounds = CollectBounds(maximumFiles: 1_024, maximumBytes: 256 << 20)

    /// A verifier for the languages of `policies`. With a `cache` nothing is compiled that was compiled before.
    package init(sandbox: any SandboxRunner, policies: ToolchainPolicies, cache: CompileCache? = nil) {
        self.sandbox = sandbox
        self.policies = policies
        compiler = Compiler(sandbox: sandbox, policies: policies, cache: cache)
    }

    /// Judges one candidate. Never throws: what our side fails at is `inconclusive`. Cancelling the task ends the run
    /// that is on, and the outcome is then `cancelled`.
    package func verify(_ verification: Verification) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var steps = Steps()
        let build = await build(
            verification.files, verification.language, compile: verification.compile,
            limits: verification.compileLimits, program: verification.run[0])
        (steps.compile, steps.compilation, steps.made) = (build.result, build.use, build.made)
        if build.verdict == nil { await run(verification, build.files, into: &steps) }
        let verdict =
            build.verdict
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

    /// What the files of a program became.
    struct Build: Sendable {
        /// Nil when there was nothing to compile.
        var result: RunResult?
        /// Nil where nothing is ever reused.
        var use: CompileUse?
        /// Files that the compile step left and did not get.
        var made: [CollectedFile] = []
        /// For every sandbox in which the program runs.
        var files: [InputFile]
        /// Why nothing can run, else nil.
        var verdict: Verdict?
    }

    /// Compiles in a sandbox of its own, if there is something to compile, and looks for the program that is to run.
    func build(
        _ files: [InputFile], _ language: Language, compile: [String]?, limits: [LimitKey: UInt64], program: String
    ) async -> Build {
        guard let compile else { return Build(files: files, verdict: Self.missingProgram(program, files)) }
        let (result, use) = await compiler.compile(files, language, argv: compile, limits: limits)
        if let verdict = VerdictRules.compileVerdict(result) {
            return Build(result: result, use: use, files: files, verdict: verdict)
        }
        let all = Self.merge(files, artefacts: result.outputs)
        return Build(
            result: result, use: use, made: result.outputs.made(from: files), files: all,
            verdict: Self.missingProgram(program, all))
    }

    private func run(_ trial: Trial, _ verification: Verification, _ files: [InputFile]) async -> RunResult {
        var request = RunRequest(argv: verification.run)
        request.inputs = files
        request.stdin = trial.stdin.isEmpty ? .empty : .bytes(trial.stdin)
        request.keepHeadBytes = max(4_096, OutputComparer.keptBytes(expected: trial.expectedStdout ?? []))
        request.keepTailBytes = Diagnostic.maximumBytes
        return await sandbox.perform(request, policies.run(verification.language, limits: verification.runLimits))
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
