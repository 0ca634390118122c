/// Lets one run at a time work on a build, across processes: what another run holds would look like work that a crash left. The
/// lock of a process that ends, however it ends, is free.
package protocol BuildLocking: Sendable {
    /// Takes the lock, or nil when somebody has it; never waits.
    func acquire(_ build: BuildID) async throws(WorkStoreFailure) -> (any BuildLock)?
}

/// A lock that is held.
package protocol BuildLock: Sendable {
    /// Gives it back; called once.
    func release() async
}
