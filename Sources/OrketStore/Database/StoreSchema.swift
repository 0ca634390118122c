internal import OrketCore

/// One change of a file's tables. Migrations are only ever added at the end: once released, the text of one is fixed, and
/// a file that was made by another text is refused.
package struct Migration: Sendable {
    package let name: String
    package let sql: String

    /// A migration; `sql` is one or several statements that need no transaction of their own.
    package init(_ name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// SHA-256 of the statements, as it is written into each file.
    package var checksum: String { HexDigest(sha256: Array(sql.utf8)).text }
}

/// What a kind of file holds: who it belongs to, and all migrations in their order.
package struct StoreSchema: Sendable {
    /// In the header of the file, https://www.sqlite.org/fileformat.html#application_id.
    package let applicationID: Int32
    /// The number of a migration is its position, from 1 on; `user_version` of a file is the number of its last one.
    package let migrations: [Migration]

    /// A schema of all its migrations.
    package init(applicationID: Int32, migrations: [Migration]) {
        self.applicationID = applicationID
        self.migrations = migrations
    }

    var version: Int { migrations.count }

    /// The table that every file has: which migrations made it.
    static let journal = """
        CREATE TABLE IF NOT EXISTS migration (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            name TEXT NOT NULL,
            checksum TEXT NOT NULL CHECK (length(checksum) = 64 AND checksum NOT GLOB '*[^0-9a-f]*'),
            appliedAtMs INTEGER NOT NULL
        ) STRICT
        """
}
