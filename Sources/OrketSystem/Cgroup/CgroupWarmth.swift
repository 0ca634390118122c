internal import Glibc
internal import Synchronization

/// Keeps moves into cgroups cheap on v1 while a first sandbox is being made.
///
/// After a quiet moment the first process that moves into a v1 cgroup waits for an RCU grace period, 8 to 16 ms and more on
/// a busy machine (`rcu_sync_enter()` under `cgroup_threadgroup_rwsem`); for about as long after it, others pass in
/// microseconds. So this process moves to where it is already, at once and every few milliseconds: the waiting then
/// overlaps with the rest of the start. v2 needs nothing of this, since processes are born in their leaf there.
package final class CgroupWarmth: Sendable {
    private static let intervalMs: UInt32 = 3
    /// Ends by itself when nobody ends it.
    private static let maximumMoves = 300

    private let isOver = Atomic(false)

    /// Begins on a thread of its own; does nothing where it is not needed or not allowed.
    package init() {
        _ = DetachedThread.start { [self] in keep() }
    }

    /// The sandbox stands.
    package func stop() { isOver.store(true, ordering: .releasing) }

    private func keep() {
        guard let layout = CgroupLayout.ofThisProcess(), layout.version == .v1, let own = layout.directories["memory"],
            let entrance = try? Files.open(own + "/cgroup.procs", writing: true)
        else { return }
        for _ in 0..<Self.maximumMoves where !isOver.load(ordering: .acquiring) {
            // "0" is the writer itself.
            guard (try? entrance.write([UInt8(ascii: "0")])) != nil else { return }
            Process.pause(milliseconds: Self.intervalMs)
        }
    }
}
