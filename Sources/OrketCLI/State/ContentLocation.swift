package import OrketCore
import OrketSystem
package import OrketVerify

/// Where bytes are kept under their digest: `content` in the directory of what lasts.
package struct ContentLocation: Sendable {
    package let path: String
    private let state: String

    /// Beneath `state`, which need not exist.
    package init(state: String) { (self.state, path) = (state, state + "/content") }

    /// Where this user keeps it.
    package init() throws(InvalidInput) { self.init(state: try LastingState.directory()) }

    /// The store, made when it is missing; `isDurable`: see `ContentStore`. Blocks.
    package func openOrCreate(isDurable: Bool = true) throws(EvidenceFailure) -> ContentStore {
        try LastingState.make([state])
        do throws(StorageError) { return try ContentStore(path, isDurable: isDurable) } catch {
            throw EvidenceFailure(error)
        }
    }
}

extension EvidenceFailure {
    /// What the content store said.
    init(_ error: StorageError) {
        self.init("\(error)", hint: "make room, or name another directory in ORKET_STATE_DIR")
    }
}
