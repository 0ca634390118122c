internal import OrketSystem

/// Removes a leaf whose last process is still on its way out. Tried for a few seconds; what then remains is left to the
/// record, and so to the reaper.
enum LateRemoval {
    static func remove(_ leaf: CgroupLeaf, whenGone: @escaping @Sendable () -> Void) {
        Task {
            for _ in 0..<500 {
                try? await Task.sleep(nanoseconds: 10_000_000)
                leaf.killMembers()
                if leaf.remove() { return whenGone() }
            }
        }
    }
}
