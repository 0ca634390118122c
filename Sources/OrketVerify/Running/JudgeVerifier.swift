import OrketCore
import OrketSandbox

/// Judges a fixture of kind `judge`: the candidate runs in one sandbox, the fixture's judge in another, which finds input,
/// output and answer as files. The candidate never meets the judge or the answer; in a match, both meet only bytes that went
/// through here.
struct JudgeVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let verifier: Verifier

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, cache: CompileCache?) {
        self.sandbox = sandbox
        self.policies = policies
        verifier = Verifier(sandbox: sandbox, policies: policies, cache: cache)
    }

    /// What all cases of a fixture share.
    private struct Programs {
        var fixture: Fixture
        var body: JudgeBody
        /// Of the candidate and of the judge, compiled.
        var files: [InputFile]
        var judgeFiles: [InputFile]
    }

    private static let roomStep: UInt64 = 16 << 20

    /// What the judge finds as files.
    private typealias Shown = [(name: String, bytes: [UInt8])]

    func verify(_ fixture: Fixture, _ body: JudgeBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var tally = Tally(fixture)
        let judge = await verifier.build(
            [body.judge.source], body.judge.language, compile: body.judge.compile, limits: [:],
            program: body.judge.run[0])
        tally.saw(
            judge.result.flatMap { SandboxSeen(.judgeCompiler, $0, isReused: judge.use?.isReused ?? false) })
        if let verdict = judge.verdict {
            return tally.result(JudgeRules.judgeNeverStood(verdict), total: clock.now - start)
        }
        let candidate = await verifier.build(
            [fixture.source], fixture.language, compile: body.compile, limits: [:], program: body.run[0])
        tally.built(candidate)
        if let verdict = candidate.verdict { return tally.result(verdict, total: clock.now - start) }
        let programs = Programs(fixture: fixture, body: body, files: candidate.files, judgeFiles: judge.files)
        for item in body.cases {
            if body.isInteractive {
                await play(item, programs, &tally)
            } else {
                await ask(item, programs, &tally)
            }
            if tally.isHopeless { break }
        }
        return tally.result(nil, total: clock.now - start)
    }

    /// First the candidate, then the judge over its output.
    private func ask(_ item: JudgeBody.Case, _ programs: Programs, _ tally: inout Tally) async {
        let policy = policies.run(programs.fixture.language, limits: programs.fixture.limits)
        var request = RunRequest(argv: programs.body.run)
        request.inputs = programs.files
        request.stdin = item.stdin.isEmpty ? .empty : .bytes(item.stdin)
        // The judge gets all or nothing; what is beyond the limit ends the candidate.
        request.keepHeadBytes = Int(clamping: policy.limits.outputBytes)
        request.keepTailBytes = Diagnostic.maximumBytes
        let candidate = await sandbox.perform(request, policy)
        tally.ran(candidate)
        if let stopped = JudgeRules.stopped(candidate) { return tally.add(stopped, of: item.place, candidate) }
        let shown = [("input", item.stdin), ("output", candidate.stdout.bytes)] + Self.answer(item)
        let judge = await sandbox.perform(judgeRequest(programs, shown), judgePolicy(programs.body.judge, shown))
        tally.saw(SandboxSeen(.judge, judge))
        tally.add(JudgeRules.verdict(judge, says: judge.stdout), of: item.place, candidate)
    }

    /// Both at the same time.
    private func play(_ item: JudgeBody.Case, _ programs: Programs, _ tally: inout Tally) async {
        var request = RunRequest(argv: programs.body.run)
        request.inputs = programs.files
        (request.keepHeadBytes, request.keepTailBytes) = (4_096, Diagnostic.maximumBytes)
        let policy = policies.run(programs.fixture.language, limits: programs.fixture.limits)
        let shown = [("input", item.stdin)] + Self.answer(item)
        var judgePolicy = judgePolicy(programs.body.judge, shown)
        // The judge waits for the candidate, so its clock must not be the one that runs out.
        judgePolicy.limits.wallMs = max(judgePolicy.limits.wallMs, policy.limits.wallMs) + 4 * JudgeMatch.graceMs
        judgePolicy.limits.idleMs = nil
        do throws(SandboxError) {
            let match = try JudgeMatch(
                sandbox, candidate: (request, policy), judge: (judgeRequest(programs, shown), judgePolicy))
            let end = await match.play()
            tally.ran(end.candidate)
            tally.saw(SandboxSeen(.judge, end.judge))
            tally.add(JudgeRules.verdict(end), of: item.place, end.candidate)
        } catch {
            tally.add(Verdict(.inconclusive, [Reason(.hostResource, error.message)]), of: item.place, nil)
        }
    }

    private static func answer(_ item: JudgeBody.Case) -> Shown { item.answer.map { [("answer", $0)] } ?? [] }

    private func judgeRequest(_ programs: Programs, _ shown: Shown) -> RunRequest {
        var request = RunRequest(argv: programs.body.judge.run)
        let own = programs.judgeFiles.filter { !JudgeBody.fileNames.contains($0.path) }
        request.inputs = own + shown.map { InputFile(path: $0.name, bytes: $0.bytes) }
        (request.keepHeadBytes, request.keepTailBytes) = (4_096, Diagnostic.maximumBytes)
        return request
    }

    /// With room for what is laid into its workspace: a large output must not count as the judge's own use.
    private func judgePolicy(_ judge: JudgeBody.Judge, _ shown: Shown) -> Policy {
        var policy = policies.run(judge.language, limits: judge.limits)
        let bytes = UInt64(shown.reduce(0) { $0 + $1.bytes.count })
        // Rounded up, so that cases share a plan and its warden.
        let room = (bytes + Self.roomStep - 1) / Self.roomStep * Self.roomStep
        policy.limits.diskBytes += room
        policy.limits.memoryBytes += room
        return policy
    }
}
