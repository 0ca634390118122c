internal import GRDB
package import OrketCore

extension EvidenceStore {
    /// For each blob that records name, and for each candidate, when the newest record that names it was made, milliseconds since
    /// 1970. A candidate is named by its digest alone: that of its bytes, or of the list of its files.
    package func needs() async throws(StoreError) -> (blobs: [String: Int64], candidates: [String: Int64]) {
        try await file.read { db in
            func newest(_ sql: String) throws -> [String: Int64] {
                var needs: [String: Int64] = [:]
                let rows = try Row.fetchCursor(db, sql: sql)
                while let row = try rows.next() {
                    needs[try row.decode(String.self, forColumn: "digest")] = try row.decode(
                        Int64.self, forColumn: "newest")
                }
                return needs
            }
            return (
                try newest(
                    """
                    SELECT blob.digest AS digest, max(recordedAtMs) AS newest
                    FROM blob JOIN evidence ON evidence.sequence = blob.record GROUP BY blob.digest
                    """),
                try newest(
                    """
                    SELECT candidateDigest AS digest, max(recordedAtMs) AS newest FROM evidence GROUP BY candidateDigest
                    """)
            )
        }
    }

    /// Notes that blobs are about to be removed. When this returns it is on the disk, so that none is gone without a word.
    package func notePruned(
        _ blobs: [(digest: HexDigest, bytes: UInt64)], at time: UTCTime
    ) async throws(StoreError) {
        try await file.write { db in
            for blob in blobs {
                try db.execute(
                    sql: """
                        INSERT INTO pruned (number, digest, bytes, prunedAtMs)
                        SELECT coalesce(max(number), 0) + 1, ?, ?, ? FROM pruned
                        """, arguments: [blob.digest.text, Int64(clamping: blob.bytes), time.milliseconds])
            }
        }
    }

    /// When a blob was removed last; nil when it never was. Whoever put it again since has it.
    package func prunedAt(_ digest: HexDigest) async throws(StoreError) -> UTCTime? {
        try await file.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT prunedAtMs FROM pruned WHERE digest = ? ORDER BY number DESC LIMIT 1",
                arguments: [digest.text]
            ).map { UTCTime(milliseconds: $0) }
        }
    }
}
