package import OrketCore
package import OrketStore

/// Where evidence is kept: `evidence/evidence.sqlite` in the directory of what lasts.
package struct EvidenceLocation: Sendable {
    package let path: String
    /// Directories from the state directory down, each made when it is missing.
    private let directories: [String]

    /// Beneath `state`, which need not exist.
    package init(state: String) {
        directories = [state, state + "/evidence"]
        path = state + "/evidence/evidence.sqlite"
    }

    /// Where this user keeps it.
    package init() throws(InvalidInput) { self.init(state: try LastingState.directory()) }

    /// The store, to be looked at; nil when nothing was ever stored here. Nothing is made.
    package func openExisting() async throws(StoreError) -> EvidenceStore? {
        try await EvidenceStore.open(path, now: .now, creates: false)
    }

    /// The store, to be appended to; made when it is missing, in directories that nobody else can write.
    package func openOrCreate() async throws(EvidenceFailure) -> EvidenceStore {
        try LastingState.make(directories)
        do throws(StoreError) { return try await EvidenceStore.open(path, now: .now)! } catch {
            throw EvidenceFailure(error)
        }
    }
}
