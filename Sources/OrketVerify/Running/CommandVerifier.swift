import OrketCore
import OrketSandbox

/// Judges a fixture of kind `command`: every command runs in a fresh sandbox, into which goes what the one before left, and over it
/// the fixture's own files, so that no step can change what a later one is told by the fixture.
struct CommandVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let compiler: Compiler

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, cache: CompileCache?) {
        self.sandbox = sandbox
        self.policies = policies
        compiler = Compiler(sandbox: sandbox, policies: policies, cache: cache)
    }

    func verify(_ fixture: Fixture, _ body: CommandBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var tally = Tally(fixture)
        let trusted = body.files + [fixture.source]
        var files = trusted
        for argv in body.setup {
            let (result, use) = await compiler.compile(files, fixture.language, argv: argv, limits: [:])
            let verdict = VerdictRules.compileVerdict(result)
            tally.built(
                Verifier.Build(
                    result: result, use: use, made: result.outputs.made(from: files), files: files, verdict: verdict))
            if let verdict { return tally.result(verdict, total: clock.now - start) }
            files = Verifier.merge(trusted, artefacts: result.outputs)
        }
        let policy = policies.run(fixture.language, limits: fixture.limits)
        for step in body.steps {
            let result = await run(step.argv, files, step.stdin, policy)
            tally.ran(result)
            let verdict = CommandRules.verdict(step.expected, result)
            let pair = step.expected.stdout?.equals.flatMap {
                OutputComparer.excerpts(expected: $0, actual: result.stdout)
            }
            tally.add(
                verdict, of: step.place, result, made: result.outputs.made(from: files), expected: pair?.expected,
                actual: pair?.actual)
            // After a workspace that was refused, nothing that follows means anything.
            if tally.isHopeless || verdict.outcome == .rejected { break }
            files = Verifier.merge(trusted, artefacts: result.outputs)
        }
        return tally.result(nil, total: clock.now - start)
    }

    private func run(_ argv: [String], _ files: [InputFile], _ stdin: [UInt8], _ policy: Policy) async -> RunResult {
        var request = RunRequest(argv: argv)
        request.inputs = files
        request.stdin = stdin.isEmpty ? .empty : .bytes(stdin)
        request.collectAll = Verifier.artefactBounds
        request.keepHeadBytes = TextMatcher.maximumBytes
        request.keepTailBytes = Diagnostic.maximumBytes
        return await sandbox.perform(request, policy)
    }
}
