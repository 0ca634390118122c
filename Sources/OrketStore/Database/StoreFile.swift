internal import Dispatch
internal import GRDB
package import OrketCore

/// One SQLite file of Orket, open for reading and writing.
///
/// How it works. The file is born complete: it is built under another name and renamed, under a lock on its directory, so
/// a file that is empty was cut off and is never taken for a new one. It is in WAL mode; a transaction is on the disk when
/// its call returns (`synchronous = FULL`). Every writing transaction is IMMEDIATE: it holds the write lock from its
/// first statement on, so what it read is still so when it writes. Several processes may have it open; each waits for
/// the others for `busyTimeout`.
///
/// SQLite blocks, so all work happens on queues of their own, never on a thread of the concurrency pool.
package final class StoreFile: Sendable {
    /// As it was opened.
    package let path: String
    package let schema: StoreSchema
    private let queue: DatabaseQueue

    /// Seconds that a statement waits for the lock of another process.
    package static let busyTimeout = 30.0

    private init(path: String, schema: StoreSchema, queue: DatabaseQueue) {
        self.path = path
        self.schema = schema
        self.queue = queue
    }

    /// Opens the file, makes it when `creates`, and brings it to `schema`. Nil when it is not there and is not to be made.
    package static func open(
        _ path: String, schema: StoreSchema, now: UTCTime, creates: Bool, busyTimeout: Double = StoreFile.busyTimeout
    ) async throws(StoreError) -> StoreFile? {
        let migrator = StoreMigrator(schema: schema, file: path, now: now)
        let result: Result<StoreFile?, StoreError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "orket.store.open").async {
                continuation.resume(
                    returning: Result { () throws(StoreError) in try open(migrator, creates: creates, busyTimeout) })
            }
        }
        return try result.get()
    }

    private static func open(
        _ migrator: StoreMigrator, creates: Bool, _ busyTimeout: Double
    ) throws(StoreError) -> StoreFile? {
        let path = migrator.file
        do {
            switch try HostPath.kind(path) {
            case .absent where !creates: return nil
            case .absent: try HostPath.locked(path) { () throws(StoreError) in try create(path, migrator) }
            case .file: break
            case .other: throw StoreError(.foreign, path, "is no regular file")
            }
            if try HostPath.kind(path) == .file(bytes: 0) {
                throw StoreError(.corrupted, path, "is empty: it was cut off")
            }
            try HostPath.requireWritable(path)
            let queue = try DatabaseQueue(path: path, configuration: configuration(busyTimeout))
            try migrator.run(queue)
            try requireDurability(queue, path)
            return StoreFile(path: path, schema: migrator.schema, queue: queue)
        } catch {
            throw StoreError(error, file: path)
        }
    }

    /// Settings of every connection.
    static func configuration(_ busyTimeout: Double = StoreFile.busyTimeout) -> Configuration {
        var configuration = Configuration()
        configuration.label = "orket.store"
        configuration.busyMode = .timeout(busyTimeout)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    /// Read back, not assumed: without both, what was acknowledged could be lost with the power. A file that was restored
    /// from a backup comes in another mode.
    private static func requireDurability(_ queue: DatabaseQueue, _ path: String) throws {
        let (journal, synchronous) = try queue.inDatabase { db in
            (try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL"), try Int.fetchOne(db, sql: "PRAGMA synchronous"))
        }
        guard journal != "wal" || synchronous != 2 else { return }
        throw StoreError(
            .failed, path, "SQLite offers journal mode \(journal ?? "-") and synchronous \(synchronous ?? -1) only",
            repair: "put the file on a local file system")
    }

    /// The caller holds the lock on the directory.
    private static func create(_ path: String, _ migrator: StoreMigrator) throws(StoreError) {
        if try HostPath.kind(path) != .absent { return }
        try HostPath.requireWritable(path, isNew: true)
        if try HostPath.kind(path + "-wal") != .absent {
            throw StoreError(
                .corrupted, path, "is gone, and its -wal file is still there",
                repair: "put the file back, or move \(path)-wal away to begin a new store")
        }
        let unfinished = path + ".unfinished"
        for suffix in ["", "-wal", "-shm", "-journal"] { HostPath.remove(unfinished + suffix) }
        do {
            try HostPath.makeFile(unfinished)
            let queue = try DatabaseQueue(path: unfinished, configuration: configuration())
            try queue.inDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.inTransaction(.immediate) {
                    try migrator.apply(db, from: 0)
                    return .commit
                }
            }
            // Brings everything into the file and removes its companions.
            try queue.close()
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { HostPath.remove(unfinished + suffix) }
            throw StoreError(error, file: path)
        }
        try HostPath.rename(unfinished, to: path)
    }
}

extension StoreFile {
    /// Reads in one transaction.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        // Nothing to commit, and where a page is damaged, a commit fails.
        try await onQueue { db in try db.readOnly { try Self.transaction(db, .deferred, end: .rollback, work) } }
    }

    /// Writes in one IMMEDIATE transaction; when this returns, it is on the disk. A cancelled task does not interrupt it:
    /// whoever must record something has to know whether it is recorded.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try await onQueue { db in try Self.transaction(db, .immediate, end: .commit, work) }
    }

    /// The same, and what was thrown comes as it is.
    func transact<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try Self.transaction(db, .immediate, end: .commit, work) })
            }
        }
    }

    /// For statements that want no transaction around them.
    func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let path = path
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try work(db) }.mapError { StoreError($0, file: path) })
            }
        }
        return try result.get()
    }

    private static func transaction<Value>(
        _ db: Database, _ kind: Database.TransactionKind, end: Database.TransactionCompletion,
        _ work: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try db.inTransaction(kind) {
            value = try work(db)
            return end
        }
        return value!
    }
}
