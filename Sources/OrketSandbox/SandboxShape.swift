internal import Crypto
package import OrketCore
internal import OrketSystem
internal import Synchronization

/// One plan with its warden and its pool of prepared sandboxes. Made by `Supervisor.shape(for:)`.
package final class SandboxShape: Sendable {
    package let plan: Plan
    package let planDigest: String
    private let filter: [UInt8]
    /// Strong, since a task that fills the pool may outlive every other reference; `Supervisor.shutdown` breaks the circle.
    private let supervisor: Supervisor
    /// Stdin of a run without one.
    let emptyInput: Descriptor
    private let state = Mutex(State())

    private struct State {
        var warden: Warden?
        var ready: [SandboxProcess] = []
        var filling = 0
        var fillFailed = false
        var isClosed = false
    }

    init(plan: Plan, filter: [UInt8], supervisor: Supervisor) {
        self.plan = plan
        self.filter = filter
        self.supervisor = supervisor
        emptyInput = supervisor.emptyInput
        planDigest = HexText.encode(SHA256.hash(data: Array(plan.text.utf8)))
    }

    /// Runs one program in a fresh sandbox, pooled when one is ready. Never throws for what the program does, nor for a
    /// set-up that fails: that is `inconclusive`. Throws `badRequest` before anything is started.
    package func run(_ request: RunRequest) async throws(SandboxError) -> RunResult {
        let command = try CommandLine.encode(request, environment: plan.environment)
        try Self.checkPaths(request)
        let askedAt = BootClock.now
        switch await take() {
        case .failure(let failure):
            var facts = RunFacts(limits: plan.limits)
            facts.setupFailure = failure
            return result(facts, isolation: Isolation(level: .none, degraded: plan.degraded))
        case .success(let (sandbox, isPooled)):
            var timings = RunTimings()
            timings.pooled = isPooled
            timings.prepareMs = BootClock.milliseconds(from: askedAt, to: BootClock.now)
            return await Self.perform(request, command: command, sandbox: sandbox, shape: self, timings: timings)
        }
    }

    private static func checkPaths(_ request: RunRequest) throws(SandboxError) {
        let paths = request.inputs.map(\.path) + request.outputs.map(\.path)
        let problems = paths.compactMap { Workspace.problem(with: $0) }
        if !problems.isEmpty { throw SandboxError(.badRequest, problems.joined(separator: "\n")) }
    }

    /// Fills the pool and waits for it; used where the first run must already be a pooled one.
    package func warmUp() async {
        refill()
        let target = supervisor.configuration.poolSize
        while state.withLock({ !$0.isClosed && !$0.fillFailed && $0.ready.count < target }) {
            try? await Task.sleep(nanoseconds: 500_000)
        }
    }

    /// Sandboxes that stand ready now.
    package var readyCount: Int { state.withLock { $0.ready.count } }

    private func take() async -> Result<(SandboxProcess, isPooled: Bool), Wire.Failure> {
        while let candidate = state.withLock({ $0.ready.popLast() }) {
            if candidate.isUsable { return .success((candidate, true)) }
            release(candidate)
        }
        switch await build() {
        case .success(let sandbox): return .success((sandbox, false))
        case .failure(let failure): return .failure(failure)
        }
    }

    private func livingWarden() async -> Result<Warden, Wire.Failure> {
        if let warden = state.withLock({ $0.warden }), !warden.isDead { return .success(warden) }
        do {
            let broker = try await supervisor.livingBroker()
            let fresh = try Warden(
                plan: plan, filter: filter, broker: broker, loop: supervisor.loop,
                faultStep: supervisor.configuration.faultStep)
            let warden = state.withLock { state -> Warden in
                if let other = state.warden, !other.isDead {
                    fresh.shutdown()
                    return other
                }
                state.warden = fresh
                return fresh
            }
            return .success(warden)
        } catch {
            return .failure(Wire.Failure(step: 0, errno: 5, index: 0, name: "jail", subject: error.message))
        }
    }

    private func build() async -> Result<SandboxProcess, Wire.Failure> {
        let warden: Warden
        switch await livingWarden() {
        case .success(let living): warden = living
        case .failure(let failure): return .failure(failure)
        }
        if let failure = await warden.ready() { return .failure(failure) }
        return await withCheckedContinuation { continuation in
            begin(warden) { continuation.resume(returning: $0) }
        }
    }

    /// Asks a warden that is ready for one sandbox; `whenPrepared` is called once, from any thread, also before this
    /// returns.
    private func begin(
        _ warden: Warden, whenPrepared: @escaping @Sendable (Result<SandboxProcess, Wire.Failure>) -> Void
    ) {
        guard let slot = supervisor.slots.take() else {
            let failure = Wire.Failure(
                step: 0, errno: 11, index: 0, name: "identity", subject: "all host uids in use")
            return whenPrepared(.failure(failure))
        }
        var leaf: CgroupLeaf?
        do {
            leaf = try supervisor.cgroups?.takeLeaf(memoryBytes: leafMemory, pids: leafPIDs)
            _ = try SandboxProcess(
                warden: warden, leaf: leaf, uidSlot: slot, uid: hostUID(slot) ?? 0, loop: supervisor.loop,
                faultStep: supervisor.configuration.faultStep
            ) { [self] sandbox, failure in
                guard let failure else { return whenPrepared(.success(sandbox)) }
                release(sandbox)
                whenPrepared(.failure(failure))
            }
        } catch {
            leaf?.remove()
            supervisor.slots.giveBack(slot)
            whenPrepared(
                .failure(Wire.Failure(step: 0, errno: error.errno, index: 0, name: error.call, subject: error.subject)))
        }
    }

    /// A control run without the protection still lives in a cgroup, with room enough for what it tries.
    private var leafMemory: UInt64 { plan.has(.cgroupMemory) ? plan.limits.memoryBytes : 8 << 30 }
    private var leafPIDs: UInt64 { plan.has(.cgroupPids) ? plan.limits.pids : 20_000 }

    /// Where the supervisor is root: the one host uid (and gid) of this live sandbox.
    func hostUID(_ slot: Int?) -> UInt32? {
        guard !supervisor.host.isRootless, plan.has(.identity), let slot else { return nil }
        return supervisor.record.uidBase + UInt32(slot)
    }

    /// Ends a sandbox and frees what it held. The tree is dead, or dies at once: pid 1 is killed here.
    func release(_ sandbox: SandboxProcess) {
        if !plan.has(.pidNamespace) { sandbox.leaf?.killMembers() }
        sandbox.close()
        guard let leaf = sandbox.leaf, let cgroups = supervisor.cgroups else {
            return sandbox.uidSlot.map { supervisor.slots.giveBack($0) } ?? ()
        }
        if cgroups.giveBack(leaf) {
            sandbox.uidSlot.map { supervisor.slots.giveBack($0) }
        } else {
            // Something still dies: its uid and cgroup are given up only when it is gone. The record knows the tree.
            LateRemoval.remove(leaf) { [slots = supervisor.slots] in sandbox.uidSlot.map { slots.giveBack($0) } }
        }
    }

    /// Sandboxes that may be in preparation at once: more would only compete with what runs.
    private static let parallelFills = 2

    /// Brings the pool back to its size in the background. Callable from every thread; never blocks.
    func refill() {
        let target = supervisor.configuration.poolSize
        let warden = state.withLock { state -> Warden?? in
            guard !state.isClosed, state.filling < Self.parallelFills, state.ready.count + state.filling < target else {
                return nil
            }
            state.filling += 1
            return .some(state.warden)
        }
        guard let warden else { return }
        if let warden, warden.isReady {
            begin(warden) { [self] in filled($0) }
        } else {
            Task { [self] in filled(await build()) }
        }
    }

    private func filled(_ result: Result<SandboxProcess, Wire.Failure>) {
        let sandbox = try? result.get()
        let isKept = state.withLock { state in
            state.filling -= 1
            state.fillFailed = sandbox == nil
            guard let sandbox, !state.isClosed else { return false }
            state.ready.append(sandbox)
            return true
        }
        if isKept { return refill() }
        // A failure is not tried again here: the next run builds its own sandbox, and tells what is wrong.
        if let sandbox { release(sandbox) }
    }

    func shutdown() {
        let (ready, warden) = state.withLock { state in
            defer {
                state.ready = []
                state.isClosed = true
            }
            return (state.ready, state.warden)
        }
        for sandbox in ready { release(sandbox) }
        warden?.shutdown()
    }

    func result(_ facts: RunFacts, isolation: Isolation) -> RunResult {
        let (outcome, reasons) = Classifier.classify(facts)
        return RunResult(
            outcome: outcome, reasons: reasons, exit: facts.exit, usage: facts.usage, limits: plan.limits,
            isolation: isolation, planDigest: planDigest)
    }
}
