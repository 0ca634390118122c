internal import GRDB
internal import OrketCore

/// Brings a file to the newest schema, or says why it is none of ours. Every step is one transaction: a process that is
/// killed in between leaves the file as it was.
struct StoreMigrator: Sendable {
    let schema: StoreSchema
    let file: String
    /// For the journal of migrations only.
    let now: UTCTime

    /// Checks whose file it is, and applies what it lacks. A copy of the file is made before its tables change.
    func run(_ queue: DatabaseQueue) throws {
        try queue.inDatabase { db in
            let version = try self.version(db)
            if version == schema.version { return try compare(db, version: version) }
            try db.inTransaction(.immediate) {
                // Another process may have been here since.
                let version = try self.version(db)
                try compare(db, version: version)
                if version > 0, version < schema.version { try backUp(version: version) }
                try apply(db, from: version)
                return .commit
            }
        }
    }

    /// Applies everything that is missing; within a transaction of the caller.
    func apply(_ db: Database, from version: Int) throws {
        guard version < schema.version else { return }
        try db.execute(sql: "PRAGMA application_id = \(schema.applicationID)")
        try db.execute(sql: StoreSchema.journal)
        for (index, migration) in schema.migrations.enumerated().dropFirst(version) {
            do { try db.execute(sql: migration.sql) } catch let error as DatabaseError {
                // The disk may be full, or the file damaged: that has its own code.
                if error.resultCode != .SQLITE_ERROR { throw error }
                throw StoreError(
                    .failed, file, "migration \(index + 1) (\(migration.name)) failed: \(error.message ?? "")",
                    repair: "the file is as it was; report this")
            }
            try db.execute(
                sql: "INSERT INTO migration (number, name, checksum, appliedAtMs) VALUES (?, ?, ?, ?)",
                arguments: [index + 1, migration.name, migration.checksum, now.milliseconds])
        }
        try db.execute(sql: "PRAGMA user_version = \(schema.version)")
    }

    private func version(_ db: Database) throws -> Int {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if application != schema.applicationID {
            throw StoreError(.foreign, file, "is a database of another program (application id \(application))")
        }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if version > schema.version {
            throw StoreError(.newer, file, "has schema \(version), and this Orket knows \(schema.version)")
        }
        return version
    }

    /// What was applied must be what this program would have applied.
    private func compare(_ db: Database, version: Int) throws {
        let applied = try Row.fetchAll(db, sql: "SELECT number, checksum FROM migration ORDER BY number").map { row in
            (
                number: try row.decode(Int.self, forColumn: "number"),
                checksum: try row.decode(String.self, forColumn: "checksum")
            )
        }
        if applied.map(\.number) != Array(1..<max(version, 0) + 1) {
            throw StoreError(.corrupted, file, "its journal of migrations does not fit its schema \(version)")
        }
        for (entry, migration) in zip(applied, schema.migrations) where entry.checksum != migration.checksum {
            throw StoreError(
                .altered, file, "migration \(entry.number) (\(migration.name)) was applied with another text")
        }
    }

    /// A copy beside the file, complete or not there at all. The caller's transaction keeps writers out meanwhile.
    private func backUp(version: Int) throws {
        let path = "\(file).schema-\(version).backup"
        let unfinished = path + ".unfinished"
        HostPath.remove(unfinished)
        do {
            try HostPath.makeFile(unfinished)
            let source = try DatabaseQueue(path: file, configuration: StoreFile.configuration())
            let copy = try DatabaseQueue(path: unfinished)
            try source.backup(to: copy)
            try copy.close()
            try source.close()
        } catch {
            HostPath.remove(unfinished)
            let cause = StoreError(error, file: path)
            throw StoreError(
                cause.code, path, "the copy that goes before a change of schema cannot be made: \(cause.reason)",
                repair: cause.repair)
        }
        try HostPath.rename(unfinished, to: path)
    }
}
