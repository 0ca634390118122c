internal import GRDB
package import OrketCore

extension BoardStore: CardStore {
    /// As `CardStore` promises.
    package func stamp() async throws(StoreError) -> String? {
        try await file.read { db in try String.fetchOne(db, sql: "SELECT stamp FROM boardFiles") }
    }

    /// As `CardStore` promises; with the numbers that lists show.
    package func card(_ id: CardID) async throws(StoreError) -> CardRecord? {
        let path = path
        return try await file.read { db in try Self.record(id, db, path) }
    }

    static func record(_ id: CardID, _ db: Database, _ path: String) throws -> CardRecord? {
        try Row.fetchOne(db, sql: "SELECT \(CardRecord.columns) FROM card c WHERE c.id = ?", arguments: [id.text])
            .map { row in try CardRecord(row, file: path) }
    }

    /// One query, in the order of creation, by an index where the filter has one.
    package func cards(
        _ filter: CardFilter = CardFilter(), limit: Int, after number: Int64 = 0
    ) async throws(StoreError) -> [CardRecord] {
        let path = path
        let query = Self.query(filter, limit: limit, after: number)
        return try await file.read { db in
            try Row.fetchAll(db, sql: query.sql, arguments: query.arguments).map { try CardRecord($0, file: path) }
        }
    }

    static func query(
        _ filter: CardFilter, limit: Int, after number: Int64
    ) -> (sql: String, arguments: StatementArguments) {
        let (clause, arguments) = filter.clause(after: number)
        return ("SELECT \(CardRecord.columns) FROM card c \(clause) ORDER BY c.number LIMIT \(page(limit))", arguments)
    }

    /// The steps by which SQLite answers `cards`.
    func queryPlan(_ filter: CardFilter, after number: Int64 = 0) async throws(StoreError) -> [String] {
        let query = Self.query(filter, limit: 100, after: number)
        return try await file.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query.sql, arguments: query.arguments).map {
                $0["detail"]
            }
        }
    }

    /// As `CardStore` promises.
    package func count(_ filter: CardFilter = CardFilter()) async throws(StoreError) -> Int {
        let (clause, arguments) = filter.clause()
        return try await file.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM card c \(clause)", arguments: arguments) ?? 0
        }
    }

    /// As `CardStore` promises; one that cannot be read is damage, never an empty one.
    package func definition(_ id: CardID) async throws(StoreError) -> CardDefinition? {
        let path = path
        return try await file.read { db in
            try Row.fetchOne(db, sql: "SELECT definition FROM card WHERE id = ?", arguments: [id.text])
                .map { row in try Self.definition(BoardRow(row: row, file: path, what: "card \(id)")) }
        }
    }

    static func definition(_ row: BoardRow) throws(StoreError) -> CardDefinition {
        var findings: [Finding] = []
        guard let definition = CardDefinition(json: try row.json("definition"), file: row.file, findings: &findings)
        else { throw StoreError(.corrupted, row.file, "\(row.what): \(findings[0].message)") }
        return definition
    }
}
