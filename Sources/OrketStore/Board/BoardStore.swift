internal import GRDB
package import OrketCore

/// What is kept of one board: its cards with their histories, the ledger, attempts, sessions, snapshots and the journal of
/// runs. Every change is one IMMEDIATE transaction; when a call returns, it is on the disk. Several processes may have the
/// same board open.
package struct BoardStore: Sendable {
    let file: StoreFile

    /// Path of the database.
    package var path: String { file.path }

    /// Opens the store in an existing directory, and carries an older one over. Nil when there is none and it is not to be
    /// made.
    package static func open(
        _ path: String, now: UTCTime, creates: Bool = true, busyTimeout: Double = StoreFile.busyTimeout
    ) async throws(StoreError) -> BoardStore? {
        let file = try await StoreFile.open(
            path, schema: BoardSchema.current, now: now, creates: creates, busyTimeout: busyTimeout)
        return file.map(BoardStore.init)
    }

    /// Largest page of any list.
    package static let maximumPage = 100_000

    /// `limit`, as far as a page goes.
    static func page(_ limit: Int) -> Int { min(max(limit, 0), maximumPage) }

    /// Writes everything or nothing, and keeps apart what the rules refused and what the store could not do.
    func work<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(WorkStoreFailure) -> Value {
        switch await file.transact(body) {
        case .success(let value): return value
        case .failure(let error): throw Self.failure(error, path)
        }
    }

    /// Reads in one transaction.
    func look<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(WorkStoreFailure) -> Value {
        do throws(StoreError) { return try await file.read(body) } catch { throw WorkStoreFailure(error) }
    }

    private static func failure(_ error: any Error, _ path: String) -> WorkStoreFailure {
        if let failure = error as? WorkStoreFailure { return failure }
        if let refusal = error as? TransitionRefusal { return .refused(refusal) }
        return WorkStoreFailure(StoreError(error, file: path))
    }
}

extension WorkStoreFailure {
    /// What a store said, in the words of the port.
    package init(_ error: StoreError) {
        let sentence = "\(error.file): \(error.reason); \(error.repair)"
        self =
            switch error.code {
            case .corrupted, .foreign, .newer, .altered: .corrupted(sentence)
            case .refused, .ambiguous, .absent: .conflict(sentence)
            case .readOnly, .unreachable, .locked, .full, .failed: .unavailable(sentence)
            }
    }
}
