import OrketCore
import OrketSandbox

/// Judges a fixture of kind `function`: calls the candidate in its sandbox, compares what it answers out here.
///
/// One sandbox serves many cases, each in a process of its own, where the driver can fork; a case that takes the driver or
/// the sandbox with it costs only itself, since the next one gets a new sandbox. Else each case has its own sandbox.
struct FunctionVerifier: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let drivers: Drivers

    /// What the driver needs beyond a case's own time before it must have answered, milliseconds.
    private static let graceMs: UInt64 = 5_000

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers) {
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
    }

    func verify(_ fixture: Fixture, _ body: FunctionBody) async -> VerificationResult {
        let clock = ContinuousClock()
        let start = clock.now
        let policy = policies.run(fixture.language, limits: fixture.limits)
        let limits = CaseLimits(policy.limits)
        var tally = Tally(fixture)
        let forks = Drivers.forks(fixture.language)
        let wide = forks ? Self.widened(policy, cases: body.cases.count) : policy
        guard let (prepared, argv) = drivers.prepare(fixture.language, wide) else {
            preconditionFailure("no driver for \(fixture.language)")
        }
        var live: DriverSession?
        for item in body.cases {
            if live == nil {
                switch await begin(fixture, prepared, argv, limits) {
                case .success(let fresh): live = fresh
                case .failure(let failed):
                    tally.ran(failed.result)
                    return tally.result(Self.neverStarted(failed.result), total: clock.now - start)
                }
            }
            guard let now = live else { break }
            let (ending, isOver) =
                forks ? await call(item, body, now, limits) : await callOnce(item, body, now, limits)
            if let isOver { tally.ran(isOver) }
            if isOver != nil { live = nil }
            tally.add(ending, item, limits)
            if tally.isHopeless { break }
        }
        if let live { tally.ran(await live.end()) }
        return tally.result(nil, total: clock.now - start)
    }

    /// Limits of time are each case's own; those of the whole sandbox only bound the sum.
    private static func widened(_ policy: Policy, cases: Int) -> Policy {
        var policy = policy
        let count = UInt64(max(1, cases))
        policy.limits.wallMs = min((policy.limits.wallMs + 1_000) * count + 60_000, 86_400_000)
        policy.limits.cpuMs = min((policy.limits.cpuMs + 2_000) * count + 60_000, 86_400_000)
        policy.limits.idleMs = nil
        return policy
    }

    private struct NotStarted: Error {
        var result: RunResult
    }

    private func begin(
        _ fixture: Fixture, _ policy: Policy, _ argv: [String], _ limits: CaseLimits
    ) async -> Result<DriverSession, NotStarted> {
        let session: DriverSession
        do {
            session = try DriverSession(sandbox, argv: argv, policy: policy, files: [fixture.source])
        } catch {
            return .failure(
                NotStarted(
                    result: RunResult(
                        outcome: .inconclusive, reasons: [Reason(.hostResource, error.message)], limits: policy.limits))
            )
        }
        let setup = JSONValue.object([
            .init("mode", .string(Drivers.forks(fixture.language) ? "cases" : "serve")),
            .init("file", .string("/box/" + fixture.source.path)),
            .init("module", .string(Self.moduleName(fixture.source.path))), .init("limits", limits.json),
        ])
        switch await session.begin(setup) {
        case .success: return .success(session)
        case .failure: return .failure(NotStarted(result: await session.end(cancelling: true)))
        }
    }

    static func moduleName(_ path: String) -> String {
        String(path.split(separator: "/").last?.split(separator: ".").first ?? "candidate")
    }

    /// The ending of a case, and the run of the driver when it is over with it.
    private func call(
        _ item: FunctionBody.Case, _ body: FunctionBody, _ live: DriverSession, _ limits: CaseLimits
    ) async -> (FunctionRules.Ending, RunResult?) {
        let request = Self.request(item, body)
        let before = live.oomKills
        switch await live.ask(request, within: limits.wallMs + Self.graceMs) {
        case .success(let json):
            if let process = CaseProcess(json) {
                return (.process(process, oomKills: live.oomKills &- before), nil)
            }
            return (.forged("the driver's report is none"), await live.end(cancelling: true))
        case .failure(.timedOut): return (.timedOut, await live.end(cancelling: true))
        case .failure(.malformed(let sentence)): return (.forged(sentence), await live.end(cancelling: true))
        case .failure(.ended):
            let result = await live.end()
            return (.lost(result), result)
        }
    }

    private static func request(_ item: FunctionBody.Case, _ body: FunctionBody) -> JSONValue {
        .object([
            .init("entry", .string(body.entry)), .init("args", .array(item.arguments.map(\.json))),
            .init("kwargs", .array(item.named.map { .array([.string($0.name), $0.value.json]) })),
            .init("seed", .count(body.seed)),
        ])
    }

    /// The same where the sandbox serves this case alone: its limits are the case's.
    private func callOnce(
        _ item: FunctionBody.Case, _ body: FunctionBody, _ live: DriverSession, _ limits: CaseLimits
    ) async -> (FunctionRules.Ending, RunResult?) {
        let asked = await live.ask(Self.request(item, body), within: limits.wallMs + Self.graceMs)
        switch asked {
        case .success(let json):
            let result = await live.end()
            guard let reply = CaseReply(json) else { return (.forged("it is no answer of a call"), result) }
            return (.answered(reply, result), result)
        case .failure(.timedOut): return (.timedOut, await live.end(cancelling: true))
        case .failure(.malformed(let sentence)): return (.forged(sentence), await live.end(cancelling: true))
        case .failure(.ended):
            let result = await live.end()
            return (.lost(result), result)
        }
    }

    /// The driver is ours: that it does not start says nothing about the candidate.
    private static func neverStarted(_ result: RunResult) -> Verdict {
        switch result.outcome {
        case .inconclusive, .rejected: return Verdict(result.outcome, result.reasons)
        case .cancelled where Task.isCancelled: return Verdict(.cancelled, result.reasons)
        // Cancelled by us, because it did not say in time that it stands.
        case .passed, .failed, .cancelled:
            let sentence = "the driver of the language did not start"
            return Verdict(
                .inconclusive,
                [Reason(.sandboxSetupFailed, ([sentence] + result.reasons.map(\.detail)).joined(separator: ": "))])
        }
    }
}
