import OrketCore
import OrketSandbox
import OrketSystem

extension Benchmark {
    /// What a supervisor at rest holds, with its jail and everything in it; proportional set sizes, so that a page that
    /// several processes share is counted once.
    struct Memory: Sendable {
        var idleBytes: UInt64
        var pooled: Int
        var bytesPerPooled: Double
        /// Kernel memory (slab) that each pooled sandbox adds; nil where /proc/meminfo does not say.
        var slabBytesPerPooled: Double?
    }

    /// Measures an idle supervisor without a pool, then with `pooled` prepared sandboxes.
    func memory(pooled: Int) async throws -> Memory {
        func bytes(_ supervisor: Supervisor) -> UInt64 {
            Process.proportionalBytes(Process.processID, withTree: supervisor.jailPID)
        }
        let (idle, slabBefore) = try await withShape(poolSize: 0) { _, supervisor in
            (bytes(supervisor), ResourceCount.slabBytes())
        }
        let (full, slabAfter) = try await withShape(poolSize: pooled) { _, supervisor in
            (bytes(supervisor), ResourceCount.slabBytes())
        }
        let slab = slabBefore.flatMap { before in slabAfter.map { (Double($0) - Double(before)) / Double(pooled) } }
        return Memory(
            idleBytes: idle, pooled: pooled, bytesPerPooled: (Double(full) - Double(idle)) / Double(pooled),
            slabBytesPerPooled: slab)
    }

    /// What is there before and after many runs.
    struct Growth: Sendable {
        var runs: Int
        var before: ResourceCount
        var after: ResourceCount
    }

    /// Half of the runs succeed, the other half exit 1; both go through the pool, four at a time.
    func growth(runs: Int) async throws -> Growth {
        try await withShape(poolSize: 4) { shape, supervisor in
            try await many(shape, runs: max(50, runs / 20))
            await shape.warmUp()
            let before = await ResourceCount.settled(supervisor)
            try await many(shape, runs: runs)
            await shape.warmUp()
            return Growth(runs: runs, before: before, after: await ResourceCount.settled(supervisor))
        }
    }

    private func many(_ shape: SandboxShape, runs: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<(runs / 4) {
                        _ = try await timed(shape)
                        try Task.checkCancellation()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Everything that a run could leak, counted.
struct ResourceCount: Sendable, Hashable {
    var residentBytes: UInt64
    var descriptors: Int
    var jailDescriptors: Int
    var processes: Int
    var cgroups: Int
    var mounts: Int

    /// Counts for this process and its jail.
    init(_ supervisor: Supervisor) {
        residentBytes = Process.proportionalBytes(Process.processID, withTree: supervisor.jailPID)
        descriptors = Self.entries("/proc/self/fd")
        let family = Process.tree(supervisor.jailPID)
        jailDescriptors = family.prefix(2).map { Self.entries("/proc/\($0)/fd") }.reduce(0, +)
        processes = family.count
        cgroups = supervisor.cgroupDirectories.map { Self.entries($0) }.reduce(0, +)
        let warden = family.dropFirst().first ?? supervisor.jailPID
        mounts = ((try? Files.text("/proc/\(warden)/mountinfo")) ?? "").split(separator: "\n").count
    }

    /// The count once two looks in a row agree on everything but memory: what still dies is no leak.
    static func settled(_ supervisor: Supervisor) async -> ResourceCount {
        var last = ResourceCount(supervisor)
        for _ in 0..<50 {
            try? await Task.sleep(nanoseconds: 100_000_000)
            let next = ResourceCount(supervisor)
            var comparable = next
            comparable.residentBytes = last.residentBytes
            if comparable == last { return next }
            last = next
        }
        return last
    }

    private static func entries(_ path: String) -> Int { (try? Files.names(in: path).count) ?? 0 }

    /// Bytes of kernel objects on the whole machine.
    static func slabBytes() -> UInt64? {
        let text = (try? Files.text("/proc/meminfo")) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Slab:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
}
