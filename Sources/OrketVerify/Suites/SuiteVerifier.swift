import OrketCore
import OrketSandbox

/// Judges a fixture of kind `suite`: the tests run in the sandbox beside the candidate, what they report comes over the result
/// channel, and which tests there have to be is known only out here.
struct SuiteVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let drivers: Drivers
    private let swift: SwiftSuiteBuilder

    /// How long after the sandbox's own time limit its channel may stay open, milliseconds.
    private static let graceMs: UInt64 = 30_000

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers, cache: CompileCache? = nil) {
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
        let compiler = Compiler(sandbox: sandbox, policies: policies, cache: cache)
        swift = SwiftSuiteBuilder(compiler: compiler, drivers: drivers)
    }

    /// What a run of the suite told, and what the host saw of it.
    struct Observation: Sendable {
        var transcript: SuiteTranscript
        var run: RunResult
    }

    /// What had to be built before the suite could run; nil where nothing is.
    func build(_ body: SuiteBody, _ files: [InputFile]) async -> SwiftSuiteBuilder.Product? {
        guard let swift = body.swift else { return nil }
        return await self.swift.build(body, swift, files)
    }

    func verify(_ fixture: Fixture, _ body: SuiteBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var (files, tampering) = body.workspace
        var tally = Tally(fixture)
        if !tampering.isEmpty {
            let (whole, cases) = SuiteRules.rejected(tampering, body.pinned)
            for verdict in cases { tally.add(verdict) }
            return tally.result(whole, total: clock.now - start)
        }
        if let product = await build(body, files) {
            for build in product.builds { tally.built(build) }
            if let verdict = product.verdict {
                if verdict.outcome == .rejected { for _ in body.pinned { tally.add(verdict) } }
                return tally.result(verdict, total: clock.now - start)
            }
            files = product.files
        }
        let observation = await observe(fixture, body, files)
        tally.ran(observation.run)
        let (whole, cases) = SuiteRules.verdict(
            pinned: body.pinned, transcript: observation.transcript, run: observation.run)
        for verdict in cases { tally.add(verdict) }
        var result = tally.result(whole, total: clock.now - start)
        if whole.outcome != .passed { result.diagnostic = Diagnostic(step: "run", observation.run.stderr) }
        return result
    }

    /// Runs the suite once.
    func observe(_ fixture: Fixture, _ body: SuiteBody, _ files: [InputFile]) async -> Observation {
        let policy = policies.run(fixture.language, limits: fixture.limits)
        let nonce = HexText.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
        var transcript = SuiteTranscript(nonce: nonce)
        let (prepared, argv) = drivers.prepare(body, policy)
        let session: DriverSession
        do {
            session = try DriverSession(sandbox, argv: argv, policy: prepared, files: files)
        } catch {
            return Observation(transcript: transcript, run: Self.lost(.hostResource, error.message, policy))
        }
        let patience = policy.limits.wallMs + Self.graceMs
        if body.runner == .tap {
            switch await session.receiveText(within: patience) {
            case .success(let bytes): TAPReader.read(bytes, into: &transcript)
            case .failure(.malformed(let sentence)): transcript.refuse(sentence)
            case .failure: break
            }
            return Observation(transcript: transcript, run: await session.end(cancelling: transcript.forged != nil))
        }
        if let unready = await begin(session, body, &transcript, nonce, policy) {
            return Observation(transcript: transcript, run: unready)
        }
        let silence = await listen(session, &transcript, patience)
        transcript.settle()
        switch silence {
        case .over: return Observation(transcript: transcript, run: await session.end())
        case .forged: return Observation(transcript: transcript, run: await session.end(cancelling: true))
        case .silent:
            _ = await session.end(cancelling: true)
            let sentence = "the sandbox did not end by its time limit"
            return Observation(transcript: transcript, run: Self.lost(.supervisorLostChild, sentence, policy))
        }
    }

    /// Nothing of the candidate runs before the driver is ready: one that is not is our side's failure.
    private func begin(
        _ session: DriverSession, _ body: SuiteBody, _ transcript: inout SuiteTranscript, _ nonce: String,
        _ policy: Policy
    ) async -> RunResult? {
        let setup = JSONValue.object([
            .init("runner", .string(body.runner.rawValue)), .init("nonce", .string(nonce)),
            .init("tests", .string("/box/" + body.into)),
            .init("module", .string(body.swift.map { $0.module + "Tests" } ?? "")),
            .init("library", .string(body.swift.map(SwiftSuiteBuilder.tests) ?? "")),
            .init("conftest", .bool(body.tests.contains { $0.path.split(separator: "/").last == "conftest.py" })),
        ])
        let ready = await session.begin(setup)
        if case .success(let message) = ready, transcript.take(message), message["kind"]?.string == "ready" {
            return nil
        }
        let run = await session.end(cancelling: true)
        if run.outcome == .inconclusive || run.outcome == .cancelled && Task.isCancelled { return run }
        if let absent = transcript.problems.first {
            return Self.lost(.sandboxSetupFailed, "\(absent.place) cannot be had: \(absent.detail.jsonEscaped)", policy)
        }
        let more = run.reasons.map(\.detail).joined(separator: "; ")
        return Self.lost(.sandboxSetupFailed, "the runner did not start: \(more)", policy)
    }

    /// How the messages of a run came to an end.
    private enum Silence { case over, forged, silent }

    private func listen(
        _ session: DriverSession, _ transcript: inout SuiteTranscript, _ patience: UInt64
    ) async -> Silence {
        while true {
            switch await session.receive(within: patience) {
            case .success(let message): if !transcript.take(message) { return .forged }
            case .failure(.ended): return .over
            case .failure(.timedOut): return Task.isCancelled ? .over : .silent
            case .failure(.malformed(let sentence)):
                transcript.refuse(sentence)
                return .forged
            }
        }
    }

    private static func lost(_ code: ReasonCode, _ sentence: String, _ policy: Policy) -> RunResult {
        RunResult(outcome: .inconclusive, reasons: [Reason(code, sentence)], limits: policy.limits)
    }
}
