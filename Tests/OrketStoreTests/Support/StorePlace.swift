import Glibc
import OrketCore
import OrketStore
import OrketSystem
import Testing

/// A directory with one store, gone after the test.
final class StorePlace: Sendable {
    let directory: String

    var path: String { directory + "/evidence.sqlite" }

    init() throws {
        var template = Array("/tmp/orket-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", "/tmp", errno: errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let pid = try? Process.spawn("/bin/rm", arguments: ["-rf", directory], environment: [])
        if let pid { _ = Process.reap(pid, wait: true) }
    }

    func open(busyTimeout: Double = 20) async throws -> EvidenceStore {
        let store = try await EvidenceStore.open(path, now: UTCTime(milliseconds: 1), busyTimeout: busyTimeout)
        return try #require(store)
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
