internal import GRDB
package import OrketCore

/// The records of all verifications: appended, chained, never changed, never removed.
package struct EvidenceStore: Sendable {
    let file: StoreFile

    /// Path of the database.
    package var path: String { file.path }

    /// Opens the store in an existing directory. Nil when there is none and it is not to be made.
    package static func open(
        _ path: String, now: UTCTime, creates: Bool = true, busyTimeout: Double = StoreFile.busyTimeout
    ) async throws(StoreError) -> EvidenceStore? {
        let file = try await StoreFile.open(
            path, schema: EvidenceSchema.current, now: now, creates: creates, busyTimeout: busyTimeout)
        return file.map(EvidenceStore.init)
    }

    // MARK: - Appending

    /// Appends a record at the end of the chain. When this returns, the record is on the disk; when it throws, nothing of
    /// it is stored. Processes that append at the same time take turns.
    @discardableResult
    package func append(
        _ record: EvidenceRecord, blobs: [BlobReference] = []
    ) async throws(StoreError) -> StoredEvidence {
        try await append([(record, blobs)])[0]
    }

    /// Appends several records in their order, all or none of them. Forcing a record to the disk costs far more than
    /// writing it, and here it is done once.
    @discardableResult
    package func append(
        _ records: [(record: EvidenceRecord, blobs: [BlobReference])]
    ) async throws(StoreError) -> [StoredEvidence] {
        let path = path
        return try await file.write { db in
            try records.map { try Self.append($0.record, blobs: $0.blobs, to: db, path) }
        }
    }

    private static func append(
        _ record: EvidenceRecord, blobs: [BlobReference], to db: Database, _ path: String
    ) throws -> StoredEvidence {
        let head = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM evidence ORDER BY sequence DESC LIMIT 1")
        let sequence = try (head?.decode(Int64.self, forColumn: "sequence") ?? 0) + 1
        let hash = try head?.decode(String.self, forColumn: "hash") ?? HexDigest.zero.text
        guard let previous = HexDigest(hash) else {
            throw StoreError(.corrupted, path, "record \(sequence - 1): hash is not readable")
        }
        let body = record.body
        let link = ChainLink(
            previousHash: previous, sequence: sequence, id: record.id,
            recordedAtMs: record.recordedAt.milliseconds, body: body)
        try db.execute(
            sql: "INSERT INTO evidence (sequence, body, previousHash, hash) VALUES (?, ?, ?, ?)",
            arguments: [sequence, body, previous.text, HexDigest(sha256: link.bytes).text])
        for blob in blobs {
            try db.execute(
                sql: """
                    INSERT INTO blob (number, record, kind, digest, bytes)
                    SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM blob
                    """, arguments: [sequence, blob.kind.rawValue, blob.digest.text, blob.bytes])
        }
        let row = try Row.fetchOne(
            db, sql: "SELECT \(StoredEvidence.columns) FROM evidence WHERE sequence = ?", arguments: [sequence])
        return try StoredEvidence(row!, file: path)
    }

    /// Adds a signed envelope (at most 1 MiB) to a record; the same one twice is stored once.
    package func addReceipt(_ envelope: String, to id: EvidenceID) async throws(StoreError) {
        let path = path
        let digest = HexDigest(sha256: Array(envelope.utf8))
        try await file.write { db in
            guard
                let record = try Int64.fetchOne(
                    db, sql: "SELECT sequence FROM evidence WHERE id = ?", arguments: [id.text])
            else { throw StoreError(.refused, path, "there is no record \(id)") }
            let known = try Bool.fetchOne(
                db, sql: "SELECT count(*) > 0 FROM receipt WHERE record = ? AND digest = ?",
                arguments: [record, digest.text])
            if known == true { return }
            try db.execute(
                sql: """
                    INSERT INTO receipt (number, record, envelope, digest)
                    SELECT coalesce(max(number), 0) + 1, ?, ?, ? FROM receipt
                    """, arguments: [record, envelope, digest.text])
        }
    }
}
