internal import GRDB
package import OrketCore

/// The first place where the chain does not hold.
package struct ChainFault: Error, Hashable {
    /// Of the record that should be there; nil when it is not about one record.
    package let sequence: Int64?
    /// What the record that stands there says of itself; nil when it has no readable id.
    package let id: String?
    /// A sentence without full stop.
    package let reason: String

    /// A place with its reason; nil for what is not about one record.
    package init(sequence: Int64?, id: String?, reason: String) {
        (self.sequence, self.id, self.reason) = (sequence, id, reason)
    }
}

/// What a walk along the whole chain showed.
package struct ChainReport: Sendable, Hashable {
    /// Up to the last record that holds. Compare its head with one that was kept elsewhere: a chain whose last records
    /// were cut off holds.
    package var chain = HashChain()
    /// Nil when everything holds.
    package var fault: ChainFault?

    /// Of a store without records.
    package init() {}

    /// The same, unless it differs from the head of `length` records that was kept elsewhere; to be asked after each record,
    /// and at the end.
    package func held(against kept: (length: Int64, hash: HexDigest)?, isAtEnd: Bool = true) -> ChainReport {
        guard let kept, fault == nil else { return self }
        var report = self
        if chain.length == kept.length, chain.head != kept.hash {
            report.fault = ChainFault(
                sequence: chain.length, id: nil, reason: "up to it, this is not the chain whose head was signed")
        } else if isAtEnd, chain.length < kept.length {
            report.fault = ChainFault(
                sequence: chain.length + 1, id: nil, reason: "it is missing, the signed head has \(kept.length) records"
            )
        }
        return report
    }
}

extension EvidenceStore {
    /// Records that are looked at in one transaction; writers of this process wait no longer than that.
    private static let batch = 500

    /// Computes every hash again, from the first record on, and stops at the first that does not fit. Then compares the
    /// tables, triggers and indexes with those of this program, and lets SQLite check the file. Memory does not grow with
    /// the number of records: one at a time is held. `kept` is a head that was kept elsewhere: a chain
    /// that was cut off before it, or is another one up to it, does not hold.
    package func verifyChain(kept: (length: Int64, hash: HexDigest)? = nil) async throws(StoreError) -> ChainReport {
        var report = ChainReport()
        var isAtEnd = false
        while !isAtEnd, report.fault == nil {
            let start = report
            (report, isAtEnd) = try await file.read { db in try Self.walk(db, from: start, kept) }
        }
        report = report.held(against: kept)
        if report.fault == nil {
            let reason = try await file.schemaDefect()
            report.fault = reason.map { ChainFault(sequence: nil, id: nil, reason: $0) }
        }
        return report
    }

    private static func walk(
        _ db: Database, from start: ChainReport, _ kept: (length: Int64, hash: HexDigest)?
    ) throws -> (ChainReport, isAtEnd: Bool) {
        var report = start
        var count = 0
        do {
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sequence, id, recordedAtMs, body, previousHash, hash FROM evidence
                    WHERE sequence > ? ORDER BY sequence LIMIT \(batch)
                    """, arguments: [start.chain.length == 0 ? Int64.min : start.chain.length])
            while let row = try rows.next() {
                count += 1
                report.fault = fault(row, extending: &report.chain)
                report = report.held(against: kept, isAtEnd: false)
                if report.fault != nil { return (report, true) }
            }
        } catch let error as DatabaseError where [.SQLITE_ERROR, .SQLITE_CORRUPT].contains(error.resultCode) {
            // A damaged page, or a body that is no JSON any more, so that its columns cannot be computed.
            let reason = "it cannot be read: \(error.message ?? "")"
            report.fault = ChainFault(sequence: report.chain.length + 1, id: nil, reason: reason)
        }
        return (report, count < batch)
    }

    /// Takes a row as the next record of the chain, or says why it is not.
    private static func fault(_ row: Row, extending chain: inout HashChain) -> ChainFault? {
        func text(_ column: String) -> String? { String.fromDatabaseValue(row[column]) }
        let next = chain.length + 1
        guard let sequence = Int64.fromDatabaseValue(row["sequence"]),
            let previous = text("previousHash").flatMap(HexDigest.init),
            let hash = text("hash").flatMap(HexDigest.init),
            let id = text("id").flatMap(EvidenceID.init), let time = Int64.fromDatabaseValue(row["recordedAtMs"]),
            let body = text("body")
        else { return ChainFault(sequence: next, id: text("id"), reason: "a column is no hash, id, time or text") }
        let link = ChainLink(previousHash: previous, sequence: sequence, id: id, recordedAtMs: time, body: body)
        do throws(HashChain.Break) {
            try chain.append(HashChain.Entry(link, hash: hash)) { HexDigest(sha256: $0) }
            return nil
        } catch {
            return ChainFault(sequence: error.sequence, id: id.text, reason: error.reason)
        }
    }
}

extension StoreFile {
    /// What differs from a file that this program would make, or is damaged; nil when nothing.
    func schemaDefect() async throws(StoreError) -> String? {
        let (schema, path) = (schema, path)
        return try await onQueue { db in
            let model = try DatabaseQueue(configuration: StoreFile.configuration())
            let expected = try model.inDatabase { db in
                try StoreMigrator(schema: schema, file: path, now: UTCTime(milliseconds: 0)).apply(db, from: 0)
                return try Self.definitions(db)
            }
            let found = try Self.definitions(db)
            let names = Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }.sorted()
            if let name = names.first {
                let what = found[name] == nil ? "is missing" : expected[name] == nil ? "was added" : "was changed"
                return "the \(name) \(what)"
            }
            let answer = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? ""
            return answer == "ok" ? nil : "SQLite finds the file damaged: \(answer)"
        }
    }

    /// The text of each table, index and trigger by its kind and name.
    private static func definitions(_ db: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(db, sql: "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        let pairs = try rows.map { row in
            let name = try row.decode(String.self, forColumn: "type") + " " + row.decode(String.self, forColumn: "name")
            return (name, try row.decode(String.self, forColumn: "sql"))
        }
        return Dictionary(pairs) { $1 }
    }
}
