internal import Crypto
package import OrketCore
internal import OrketSystem
internal import Synchronization

/// How a supervisor is set up.
package struct SupervisorConfiguration: Sendable {
    /// Prepared sandboxes kept per plan; 0 builds each on demand.
    package var poolSize = 0
    /// The jail program; nil looks beside this executable.
    package var jailPath: String?
    /// Tests only: pretend that this host offers no cgroup.
    package var withoutCgroups = false
    /// Tests only: this set-up step of every sandbox reports an I/O error.
    package var faultStep: UInt32 = 0

    package init() {}
}

/// Owner of the jail, the cgroups and the record of this process; runs programs in sandboxes.
///
/// Theory of operation. One jail process forks sandboxes; one thread (EventLoop) waits for all of them; `run` itself only
/// sends messages and suspends. Whatever may outlive a killed supervisor is in the InstanceRecord before it exists.
package final class Supervisor: Sendable {
    let configuration: SupervisorConfiguration
    let loop: EventLoop
    package let host: HostFacts
    /// Set-up steps of the jail, numbered from 1.
    package let stepCount: UInt32
    let record: InstanceRecord
    let cgroups: CgroupTree?
    let slots: SlotAllocator
    let emptyInput: Descriptor
    private let broker: Mutex<Broker>
    private let shapes = Mutex<[ShapeKey: SandboxShape]>([:])
    private let jailPath: String

    private struct ShapeKey: Hashable {
        var policy: Policy
        var without: Set<Protection>
    }

    /// Spawns the jail, reaps what dead supervisors left, looks at the host.
    package init(configuration: SupervisorConfiguration = SupervisorConfiguration()) async throws(SandboxError) {
        self.configuration = configuration
        guard Files.exists("/proc/self/status") else {
            throw SandboxError(
                .unsupportedHost, "/proc is not mounted: nothing could be read back from the kernel",
                hint: "mount -t proc proc /proc")
        }
        jailPath = try Self.findJail(configuration.jailPath)
        // A program may close its stdin while it is being fed.
        Process.ignoreBrokenPipes()
        // A sandbox costs about a dozen.
        Process.raiseDescriptorLimit()
        do { loop = try EventLoop() } catch { throw SandboxError(.system, "event loop: \(error)") }
        // The jail starts while this side looks at the host.
        let jail = try Broker(path: jailPath, loop: loop)
        do {
            let directory = try StateDirectory()
            InstanceRecord.reapAll(directory)
            record = try InstanceRecord(directory: directory)
            emptyInput = try Self.openEmptyInput()
            let (tree, reason) = try Self.makeCgroups(record, off: configuration.withoutCgroups)
            cgroups = tree
            let hello = try await jail.hello()
            stepCount = hello.stepCount
            host = HostFacts(
                landlockABI: KernelCalls.landlockABI(), cgroupVersion: tree?.version, cgroupReason: reason,
                isRootless: hello.isRootless, pathExists: { Files.exists($0) })
            slots = SlotAllocator(capacity: Int(InstanceRecord.uidsPerBlock))
            broker = Mutex(jail)
        } catch {
            jail.shutdown()
            throw error
        }
    }

    private static func findJail(_ given: String?) throws(SandboxError) -> String {
        let override = given ?? Process.environment("ORKET_JAIL")
        let beside = Files.readLink("/proc/self/exe").flatMap { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) + "/orket-jail" }
        }
        guard let path = override ?? beside, Files.exists(path) else {
            throw SandboxError(
                .jail, "orket-jail not found at \(override ?? beside ?? "?")",
                hint: "it is installed beside orket; ORKET_JAIL names another place")
        }
        return path
    }

    private static func openEmptyInput() throws(SandboxError) -> Descriptor {
        do { return try Files.open("/dev/null") } catch { throw SandboxError(.system, "\(error)") }
    }

    /// No cgroups is an answer where the user may have none; a host that has run out of something gives none.
    private static func makeCgroups(
        _ record: InstanceRecord, off: Bool
    ) throws(SandboxError) -> (CgroupTree?, String) {
        guard !off, let layout = CgroupLayout.ofThisProcess() else {
            return (nil, "no memory cgroup controller is mounted")
        }
        do { try record.record(cgroups: CgroupTree.plannedDirectories(layout, name: record.name)) } catch {
            record.close()
            throw error
        }
        do { return (try CgroupTree(layout: layout, name: record.name), "") } catch {
            if SystemError.shortages.contains(error.errno) {
                record.close()
                throw SandboxError(.system, "no cgroup can be made: \(error)")
            }
            let why =
                error.errno == SystemError.EBUSY
                ? "its cgroup holds other processes too, so it cannot hand controllers down"
                : "this user may not make cgroups"
            return (nil, "\(why): \(error)")
        }
    }

    /// Removes what killed supervisors of this user left; the number of their records.
    @discardableResult
    package static func reap() throws(SandboxError) -> Int { InstanceRecord.reapAll(try StateDirectory()) }

    /// The plan and warden for a policy; kept for the life of the supervisor, so that equal policies share a pool.
    package func shape(for policy: Policy, without: Set<Protection> = []) throws(SandboxError) -> SandboxShape {
        let key = ShapeKey(policy: policy, without: without)
        if let known = shapes.withLock({ $0[key] }) { return known }
        let plan = try PlanCompiler.compile(policy, host: host, without: without)
        let filter = plan.has(.seccomp) ? try SeccompCompiler.compile(policy.syscalls) : []
        let made = SandboxShape(plan: plan, filter: filter, supervisor: self)
        return shapes.withLock { shapes in
            if let other = shapes[key] { return other }
            shapes[key] = made
            return made
        }
    }

    /// Runs a program under a policy; see `SandboxShape.run`.
    package func run(
        _ request: RunRequest, policy: Policy, without: Set<Protection> = []
    ) async throws(SandboxError) -> RunResult {
        try await shape(for: policy, without: without).run(request)
    }

    /// A broker that lives: the old one, or a new one when it died.
    func livingBroker() async throws(SandboxError) -> Broker {
        let current = broker.withLock { $0 }
        guard current.isDead else { return current }
        let next = try Broker(path: jailPath, loop: loop)
        _ = try await next.hello()
        return broker.withLock { held in
            // Two runs may have found it dead at once; the first replacement stands.
            if held.isDead {
                held.shutdown()
                held = next
            } else {
                next.shutdown()
            }
            return held
        }
    }

    /// Pid of the jail's broker, for measurements.
    package var jailPID: Int32 { broker.withLock { $0.pid } }

    /// Directories that hold one directory per leaf, for measurements.
    package var cgroupDirectories: [String] { cgroups?.directories ?? [] }

    /// Ends the jail with everything that it forked, removes cgroups and record. Runs in flight end as lost.
    package func shutdown() async {
        let all = shapes.withLock { shapes in
            defer { shapes = [:] }
            return Array(shapes.values)
        }
        for shape in all { shape.shutdown() }
        broker.withLock { $0.shutdown() }
        loop.stop()
        if cgroups?.remove() ?? true { record.close() }
    }
}
