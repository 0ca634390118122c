import OrketCore
import OrketSandbox

/// Sandboxes in which checkers run. A checker is part of the fixture, so trusted, and gets a process of its own in a sandbox
/// that serves one check after the other: an interpreter is started once for all.
actor CheckerPool {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let drivers: Drivers
    private var idle: [Language: [DriverSession]] = [:]

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers) {
        self.sandbox = sandbox
        self.policies = policies
        self.drivers = drivers
    }

    /// A driver that stands ready, for one check at a time; else what its sandbox saw.
    func take(_ language: Language) async -> Result<DriverSession, NotStanding> {
        if let session = idle[language]?.popLast() { return .success(session) }
        var policy = policies.run(language, limits: [:])
        (policy.limits.wallMs, policy.limits.cpuMs, policy.limits.idleMs) = (86_400_000, 86_400_000, nil)
        guard let (prepared, argv) = drivers.prepare(language, policy) else {
            preconditionFailure("no driver for \(language)")
        }
        do {
            let session = try DriverSession(sandbox, argv: argv, policy: prepared, files: [])
            switch await session.begin(.object([.init("mode", .string("check"))])) {
            case .success: return .success(session)
            case .failure: return .failure(NotStanding(reasons: await session.end(cancelling: true).reasons))
            }
        } catch {
            return .failure(NotStanding(reasons: [Reason(.hostResource, error.message)]))
        }
    }

    /// Back for the next check, or ended when a checker still runs in it.
    func giveBack(_ session: DriverSession, _ language: Language, isUsable: Bool) async {
        if isUsable && Drivers.forks(language) {
            idle[language, default: []].append(session)
        } else {
            _ = await session.end(cancelling: true)
        }
    }

    /// Ends all that wait. To be called once nothing verifies any more.
    func shutdown() async {
        let all = idle.values.flatMap { $0 }
        idle = [:]
        for session in all { _ = await session.end() }
    }

    /// Why no checker can run.
    struct NotStanding: Error {
        var reasons: [Reason]
    }
}
