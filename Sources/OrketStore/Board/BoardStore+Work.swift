internal import GRDB
package import OrketCore

extension BoardStore: WorkStore {
    /// An issue of another build is refused: an id names one card of the board.
    package func adopt(_ issues: [Issue], into build: BuildID, at time: UTCTime) async throws(WorkStoreFailure) {
        let path = path
        try await work { db in
            var adopted: [Issue] = []
            for issue in issues {
                if let card = try Self.record(issue.id, db, path) {
                    if let other = card.build, other != build {
                        throw WorkStoreFailure.conflict("issue '\(issue.id)' belongs to the build \(other)")
                    }
                    if card.build == nil { try Self.place(card, into: build, db, time) }
                } else {
                    try Self.begin(issue, build, db, time)
                    adopted.append(issue)
                }
            }
            for issue in adopted {
                for (position, needs) in issue.dependsOn.enumerated() {
                    try db.execute(
                        sql: "INSERT INTO cardDependency (card, position, needs) VALUES (?, ?, ?)",
                        arguments: [issue.id.text, position, needs.text])
                }
            }
        }
    }

    private static let engine = Actor(.engine, "adopt")!

    private static func place(_ card: CardRecord, into build: BuildID, _ db: Database, _ time: UTCTime) throws {
        let event = HistoryEntry(
            card: card.id, version: card.version + 1, at: time, actor: engine, cause: .defined, from: card.status,
            to: card.status, waitReason: card.waitReason, reason: "taken into the build \(build)")
        try event.insert(db)
        try db.execute(
            sql: "UPDATE card SET version = version + 1, build = ? WHERE id = ?", arguments: [build.text, card.id.text])
    }

    private static func begin(_ issue: Issue, _ build: BuildID, _ db: Database, _ time: UTCTime) throws {
        let card = issue.card
        guard CardDefinition.firstStatuses.contains(card.status) else {
            throw WorkStoreFailure.conflict("issue '\(card.id)' cannot begin as \(card.status.rawValue)")
        }
        let event = HistoryEntry(
            card: card.id, version: 1, at: time, actor: engine, cause: .created, from: nil, to: card.status,
            waitReason: card.waitReason)
        try event.insert(db)
        try db.execute(
            sql: """
                INSERT INTO card (number, id, status, waitReason, version, parent, build, assignee, isDefined,
                    createdAtMs, enteredAtMs, definition)
                SELECT coalesce(max(number), 0) + 1, ?, ?, ?, 1, (SELECT id FROM card WHERE id = ?), ?, ?, 1, ?, ?, ?
                FROM card
                """,
            arguments: [
                card.id.text, card.status.rawValue, card.waitReason?.rawValue, card.parent?.text, build.text,
                issue.assignee, time.milliseconds, time.milliseconds, CardDefinition.issue(issue).json.text,
            ])
    }

    /// Those that the files still name.
    package func issues(of build: BuildID) async throws(WorkStoreFailure) -> [StoredIssue] {
        let path = path
        return try await look { db in
            try Row.fetchAll(
                db,
                sql: "\(Self.storedIssue) WHERE c.build = ? AND c.type = 'issue' AND c.isDefined = 1 ORDER BY c.number",
                arguments: [build.text]
            ).enumerated().map { try Self.stored($1, position: $0, path) }
        }
    }

    /// Nil also for a card that belongs to no build yet.
    package func issue(_ id: CardID) async throws(WorkStoreFailure) -> StoredIssue? {
        let path = path
        return try await look { db in try Self.stored(id, db, path) }
    }

    private static let storedIssue = """
        SELECT c.*, (SELECT count(*) FROM attempt a WHERE a.issue = c.id) AS attempts,
            (SELECT count(*) FROM attempt a WHERE a.issue = c.id
                AND a.result IN ('refused', 'rejected', 'work_failed', 'out_of_time', 'conflict')) AS failures
        FROM card c
        """

    private static func stored(_ id: CardID, _ db: Database, _ path: String) throws -> StoredIssue? {
        let row = try Row.fetchOne(
            db, sql: "\(storedIssue) WHERE c.id = ? AND c.type = 'issue' AND c.build IS NOT NULL", arguments: [id.text])
        guard let row else { return nil }
        let position = try Int.fetchOne(
            db,
            sql: "SELECT count(*) FROM card WHERE build = ? AND number < ? AND type = 'issue' AND isDefined = 1",
            arguments: [row["build"] as String, row["number"] as Int64])
        return try stored(row, position: position ?? 0, path)
    }

    private static func stored(_ found: Row, position: Int, _ path: String) throws(StoreError) -> StoredIssue {
        let row = BoardRow(row: found, file: path, what: "card \(String.fromDatabaseValue(found["id"]) ?? "?")")
        guard case .issue(var issue) = try definition(row) else { throw row.damaged("type") }
        issue.card.status = try row.word("status", CardStatus.self)
        issue.card.waitReason = try row.optionalWord("waitReason", WaitReason.self)
        let build = try row.name("build", BuildID.self)
        issue.card.build = build
        issue.assignee = try row.optionalText("assignee")
        issue.retryCount = Int(try row.integer("failures"))
        return StoredIssue(
            issue, build: build, version: try row.integer("version"), position: position,
            createdAt: try row.time("createdAtMs"), enteredStatusAt: try row.time("enteredAtMs"),
            attempts: Int(try row.integer("attempts")))
    }

    /// The attempt is written before the transition that follows from it.
    package func commit(_ step: WorkStep) async throws(WorkStoreFailure) -> StoredIssue {
        let path = path
        return try await work { db in
            if let transition = step.transition, transition.card != step.issue {
                throw WorkStoreFailure.conflict(
                    "the step is about '\(step.issue)', and its transition about '\(transition.card)'")
            }
            guard try Self.record(step.issue, db, path) != nil else { throw WorkStoreFailure.noSuchCard(step.issue) }
            // A closed attempt counts against the budget of the transition that follows from it.
            if let attempt = step.attempt { try Self.write(attempt, of: step, db, path) }
            if let transition = step.transition { try Self.change(transition, db, path) }
            guard let stored = try Self.stored(step.issue, db, path) else {
                throw WorkStoreFailure.conflict("'\(step.issue)' is no issue of a build")
            }
            return stored
        }
    }

    /// As `WorkStore` promises.
    package func completions(by receipts: [HexDigest]) async throws(WorkStoreFailure) -> [HexDigest: CardID] {
        let path = path
        return try await look { db in try Self.used(receipts, db, path) }
    }
}
