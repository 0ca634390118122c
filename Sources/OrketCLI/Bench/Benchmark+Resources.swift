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
