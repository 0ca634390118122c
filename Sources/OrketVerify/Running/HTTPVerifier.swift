import OrketCore
import OrketSandbox

/// Judges a fixture of kind `http`: the service runs in one sandbox with a loopback of its own, beside a probe of ours that sends
/// it one request after the other. Responses are compared out here; what is expected never goes in.
struct HTTPVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let drivers: Drivers
    private let verifier: Verifier

    /// Bytes of a response's body, and extra time, memory and processes for the probe.
    private static let (bodyBytes, graceMs, probeMemory, probePIDs) = (
        2 << 20, UInt64(5_000), UInt64(64 << 20), UInt64(4)
    )

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers, cache: CompileCache?) {
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
        verifier = Verifier(sandbox: sandbox, policies: policies, cache: cache)
    }

    func verify(_ fixture: Fixture, _ body: HTTPBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        var tally = Tally(fixture)
        let build = await verifier.build(
            [fixture.source], fixture.language, compile: body.compile, limits: [:], program: body.start[0])
        tally.built(build)
        if let verdict = build.verdict { return tally.result(verdict, total: clock.now - start) }
        let limits = policies.run(fixture.language, limits: fixture.limits).limits
        let (policy, argv) = Self.prepare(fixture, body, policies, drivers)
        let session: DriverSession
        do {
            session = try DriverSession(sandbox, argv: argv, policy: policy, files: build.files)
        } catch {
            let verdict = Verdict(.inconclusive, [Reason(.hostResource, error.message)])
            return tally.result(verdict, total: clock.now - start)
        }
        var (decided, over) = await begin(session, body)
        for item in body.requests where decided == nil && over == nil {
            let request = Self.request(item, wallMs: limits.wallMs)
            let ending = await ask(session, request, within: limits.wallMs, &over)
            let verdict = HTTPRules.verdict(ending, expected: item.expected, wallMs: limits.wallMs)
            let pair = Self.excerpts(ending, item.expected)
            tally.add(verdict, of: item.place, over, expected: pair?.expected, actual: pair?.actual)
        }
        let run: RunResult
        if let over { run = over } else { run = await session.end() }
        tally.ran(run)
        // The host may have seen what no response shows.
        if decided == nil, over == nil, run.outcome != .passed { decided = Verdict(run.outcome, run.reasons) }
        return tally.result(decided, total: clock.now - start)
    }

    /// The sandbox of a service: the run policy with a loopback and the probe, and with room for it. Limits of time are each
    /// request's own; those of the whole sandbox only bound the sum.
    static func prepare(
        _ fixture: Fixture, _ body: HTTPBody, _ policies: ToolchainPolicies, _ drivers: Drivers
    ) -> (policy: Policy, argv: [String]) {
        var policy = policies.run(fixture.language, limits: fixture.limits)
        policy.network = .loopback
        for family in [SyscallRules.SocketFamily.inet, .inet6] where !policy.syscalls.socketFamilies.contains(family) {
            policy.syscalls.socketFamilies.append(family)
        }
        let count = UInt64(max(1, body.requests.count))
        policy.limits.cpuMs = min(policy.limits.cpuMs * (count + 1), 86_400_000)
        policy.limits.wallMs = min(
            body.startWithinMs + (policy.limits.wallMs + 2 * graceMs) * count + 60_000, 86_400_000)
        policy.limits.idleMs = nil
        policy.limits.memoryBytes += probeMemory
        policy.limits.pids += probePIDs
        return drivers.prepareProbe(policy)
    }

    /// The probe stands and the service is ready, or the verdict; and the run when it is over.
    private func begin(_ session: DriverSession, _ body: HTTPBody) async -> (Verdict?, RunResult?) {
        let setup = JSONValue.object([
            .init("argv", .array(body.start.map { .string($0) })), .init("port", .integer(Int64(body.port))),
            .init("readyPath", .string(body.readyPath)), .init("startMs", .count(body.startWithinMs)),
            .init("bodyBytes", .integer(Int64(Self.bodyBytes))),
        ])
        guard case .success = await session.begin(setup) else {
            let run = await session.end(cancelling: true)
            let sentences = ["the probe did not start"] + run.reasons.map(\.detail)
            let reason = Reason(.sandboxSetupFailed, sentences.joined(separator: ": "))
            return (Verdict(.inconclusive, [reason]), run)
        }
        var over: RunResult?
        let ending = await ask(session, .object([.init("start", .bool(true))]), within: body.startWithinMs, &over)
        return (HTTPRules.start(ending, withinMs: body.startWithinMs), over)
    }

    private func ask(
        _ session: DriverSession, _ message: JSONValue, within milliseconds: UInt64, _ over: inout RunResult?
    ) async -> HTTPRules.Ending {
        switch await session.ask(message, within: milliseconds + Self.graceMs) {
        case .success(let json):
            if let reply = HTTPReply(json) { return .told(reply) }
            over = await session.end(cancelling: true)
            return .forged("it is no word of the probe")
        case .failure(.malformed(let sentence)):
            over = await session.end(cancelling: true)
            return .forged(sentence)
        case .failure(.timedOut):
            over = await session.end(cancelling: true)
            return .timedOut
        case .failure(.ended):
            let run = await session.end()
            over = run
            return .lost(run)
        }
    }

    private static func request(_ item: HTTPBody.Request, wallMs: UInt64) -> JSONValue {
        .object([
            .init("method", .string(item.method)), .init("path", .string(item.path)),
            .init("headers", .array(item.headers.map { .array([.string($0.name), .string($0.value)]) })),
            .init("body", .string(HexText.encode(item.body))), .init("wallMs", .count(wallMs)),
        ])
    }

    private static func excerpts(
        _ ending: HTTPRules.Ending, _ expected: HTTPBody.Expected
    ) -> (expected: Excerpt, actual: Excerpt)? {
        guard case .told(.response(_, _, let body)) = ending, let wanted = expected.body?.equals else { return nil }
        var stream = CapturedStream()
        (stream.head, stream.byteCount) = (body, UInt64(body.count))
        return OutputComparer.excerpts(expected: wanted, actual: stream)
    }
}
