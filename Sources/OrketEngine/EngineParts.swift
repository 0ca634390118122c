package import OrketCore

/// What the engine works with: ports only. It knows neither databases nor sandboxes.
package struct EngineParts: Sendable {
    package var store: any WorkStore
    package var worker: any IssueWorker
    package var verifier: any Verifying
    package var gate: any GateKeeping
    /// Nil where nobody has to look at what the gate accepts.
    package var reviewer: (any Reviewing)?
    /// Nil where candidates are not put together.
    package var integrator: (any Integrating)?
    /// Nil where nobody else can work on the same builds.
    package var locks: (any BuildLocking)?
    package var clock: any HostClock
    package var randomness: any Randomness
    /// The hash function of fingerprints.
    package var sha256: @Sendable ([UInt8]) -> HexDigest
    package var observer: (any RunObserver)?
    /// Called at every journal point, for tests that end the process there.
    package var witness: (any JournalWitness)?

    /// Parts without reviewer, integrator and observers.
    package init(
        store: any WorkStore, worker: any IssueWorker, verifier: any Verifying, gate: any GateKeeping,
        clock: any HostClock, randomness: any Randomness, sha256: @escaping @Sendable ([UInt8]) -> HexDigest
    ) {
        self.store = store
        self.worker = worker
        self.verifier = verifier
        self.gate = gate
        self.clock = clock
        self.randomness = randomness
        self.sha256 = sha256
    }
}
