import Glibc
import OrketCore
import OrketStore
import OrketSystem
import OrketTestSupport
import Testing

/// A directory with one store, gone after the test.
final class StorePlace: Sendable {
    private let root = TemporaryDirectory()

    var directory: String { root.path }
    var path: String { directory + "/evidence.sqlite" }

    func open(busyTimeout: Double = 20) async throws -> EvidenceStore {
        let store = try await EvidenceStore.open(path, now: UTCTime(milliseconds: 1), busyTimeout: busyTimeout)
        return try #require(store)
    }

    var boardPath: String { directory + "/board.sqlite" }

    func board(busyTimeout: Double = 20) async throws -> BoardStore {
        try #require(try await BoardStore.open(boardPath, now: UTCTime(milliseconds: 1), busyTimeout: busyTimeout))
    }

    /// The error of opening what is there now.
    func failure(busyTimeout: Double = 20) async -> StoreError? {
        do throws(StoreError) {
            _ = try await EvidenceStore.open(path, now: UTCTime(milliseconds: 1), busyTimeout: busyTimeout)
            return nil
        } catch {
            return error
        }
    }

    var names: [String] { ((try? Files.names(in: directory)) ?? []).sorted() }
}
