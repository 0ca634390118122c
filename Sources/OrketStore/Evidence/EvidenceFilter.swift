internal import GRDB
package import OrketCore

/// Which records a query is about; nil asks nothing.
package struct EvidenceFilter: Sendable {
    package var fixture: String?
    package var candidate: HexDigest?
    package var outcome: Outcome?
    /// This moment or a later one.
    package var since: UTCTime?

    /// All records, until told otherwise.
    package init(
        fixture: String? = nil, candidate: HexDigest? = nil, outcome: Outcome? = nil, since: UTCTime? = nil
    ) {
        self.fixture = fixture
        self.candidate = candidate
        self.outcome = outcome
        self.since = since
    }

    /// A WHERE clause with its arguments; `before` is a sequence number.
    func clause(before: Int64? = nil) -> (sql: String, arguments: StatementArguments) {
        let all: [(String, (any DatabaseValueConvertible)?)] = [
            ("fixture = ?", fixture), ("candidateDigest = ?", candidate?.text), ("outcome = ?", outcome?.rawValue),
            ("recordedAtMs >= ?", since?.milliseconds), ("sequence < ?", before),
        ]
        let asked = all.filter { $0.1 != nil }
        let sql = asked.isEmpty ? "" : "WHERE " + asked.map(\.0).joined(separator: " AND ")
        return (sql, StatementArguments(asked.map(\.1)))
    }
}
