internal import GRDB
package import OrketCore

extension EvidenceStore {
    /// Largest page of `list`.
    package static let maximumPage = 1_000
    /// Ids that an ambiguous prefix names.
    private static let maximumCandidates = 10

    /// Records from the newest to the oldest, at most `limit` of them, and `maximumPage`. The next page is the one
    /// `before` the last sequence number of this one.
    package func list(
        _ filter: EvidenceFilter = EvidenceFilter(), limit: Int, before: Int64? = nil
    ) async throws(StoreError) -> [StoredEvidence] {
        let (clause, arguments) = filter.clause(before: before)
        return try await rows(
            "\(clause) ORDER BY sequence DESC LIMIT \(min(max(limit, 0), Self.maximumPage))", arguments)
    }

    /// At most `limit` records that follow `sequence`, from the oldest to the newest.
    package func page(after sequence: Int64, limit: Int) async throws(StoreError) -> [StoredEvidence] {
        try await rows(
            "WHERE sequence > ? ORDER BY sequence LIMIT ?", [sequence, min(max(limit, 0), Self.maximumPage)])
    }

    /// How many records there are of this kind.
    package func count(_ filter: EvidenceFilter = EvidenceFilter()) async throws(StoreError) -> Int {
        let (clause, arguments) = filter.clause()
        return try await file.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM evidence \(clause)", arguments: arguments) ?? 0
        }
    }

    /// The newest record about a fixture, or about a candidate of it.
    package func latest(fixture: String, candidate: HexDigest? = nil) async throws(StoreError) -> StoredEvidence? {
        try await list(EvidenceFilter(fixture: fixture, candidate: candidate), limit: 1).first
    }

    /// The newest record with this cache key.
    package func newest(cacheKey: HexDigest) async throws(StoreError) -> StoredEvidence? {
        try await rows("WHERE cacheKey = ? ORDER BY sequence DESC LIMIT 1", [cacheKey.text]).first
    }

    /// The record whose id starts with `prefix`; nil when there is none. Several are an error that names them.
    package func record(idPrefix prefix: String) async throws(StoreError) -> StoredEvidence? {
        let prefix = prefix.lowercased()
        // Only digits and hyphens can start an id, and then "g" follows all that starts so.
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ HexDigest.isDigit($0) || $0 == UInt8(ascii: "-") }) else {
            return nil
        }
        let found = try await rows(
            "WHERE id >= ? AND id < ? ORDER BY id LIMIT \(Self.maximumCandidates + 1)", [prefix, prefix + "g"])
        if found.count <= 1 { return found.first }
        let names = found.prefix(Self.maximumCandidates).map(\.id.text).joined(separator: ", ")
        let rest = found.count > Self.maximumCandidates ? ", ..." : ""
        throw StoreError(.ambiguous, path, "'\(prefix)' fits several records: \(names)\(rest)")
    }

    /// Envelopes of a record, in the order in which they came.
    package func receipts(of id: EvidenceID) async throws(StoreError) -> [String] {
        try await file.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT envelope FROM receipt JOIN evidence ON evidence.sequence = receipt.record
                    WHERE id = ? ORDER BY number
                    """, arguments: [id.text])
        }
    }

    /// References of a record to bytes that are kept elsewhere.
    package func blobs(of id: EvidenceID) async throws(StoreError) -> [BlobReference] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, digest, bytes FROM blob JOIN evidence ON evidence.sequence = blob.record
                    WHERE id = ? ORDER BY number
                    """, arguments: [id.text]
            ).map { row in
                guard let kind = EvidenceStream.Kind(rawValue: try row.decode(String.self, forColumn: "kind")),
                    let digest = HexDigest(try row.decode(String.self, forColumn: "digest"))
                else { throw StoreError(.corrupted, path, "a blob of record \(id) is not readable") }
                return BlobReference(kind: kind, digest: digest, bytes: try row.decode(Int64.self, forColumn: "bytes"))
            }
        }
    }

    private func rows(_ clause: String, _ arguments: StatementArguments) async throws(StoreError) -> [StoredEvidence] {
        let path = path
        return try await file.read { db in
            try Row.fetchAll(
                db, sql: "SELECT \(StoredEvidence.columns) FROM evidence \(clause)", arguments: arguments
            ).map { try StoredEvidence($0, file: path) }
        }
    }
}
