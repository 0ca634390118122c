internal import GRDB
package import OrketCore

extension BoardStore {
    /// Refused while another session of the same card is open.
    package func open(_ session: RunSession) async throws(WorkStoreFailure) {
        try await work { db in
            let other = try String.fetchOne(
                db, sql: "SELECT id FROM session WHERE target = ? AND endedAtMs IS NULL",
                arguments: [session.target.text])
            if let other {
                throw WorkStoreFailure.conflict(
                    "the session \(other) of '\(session.target)' is open: resume it, or cancel it first")
            }
            try db.execute(
                sql: "INSERT INTO session (id, target, targetType, configuration, startedAtMs) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    session.id.text, session.target.text, session.targetType.rawValue, session.configuration.text,
                    session.startedAt.milliseconds,
                ])
            for (position, build) in session.builds.enumerated() {
                try db.execute(
                    sql: "INSERT INTO sessionBuild (session, position, build) VALUES (?, ?, ?)",
                    arguments: [session.id.text, position, build.text])
            }
        }
    }

    /// As `WorkStore` promises.
    package func close(
        _ session: SessionID, _ outcome: RunOutcome, at time: UTCTime
    ) async throws(WorkStoreFailure) {
        let path = path
        try await work { db in
            guard let stored = try Self.session(session, db, path) else {
                throw WorkStoreFailure.conflict("there is no session \(session)")
            }
            if let before = stored.outcome {
                if before == outcome { return }
                throw WorkStoreFailure.conflict("the session \(session) has ended before: \(before.code)")
            }
            var detail: String?
            if case .failed(let sentence) = outcome { detail = sentence }
            try db.execute(
                sql: "UPDATE session SET endedAtMs = ?, outcome = ?, detail = ? WHERE id = ?",
                arguments: [time.milliseconds, outcome.code, detail, session.text])
        }
    }

    /// As `WorkStore` promises.
    package func session(_ id: SessionID) async throws(WorkStoreFailure) -> RunSession? {
        let path = path
        return try await look { db in try Self.session(id, db, path) }
    }

    private static func session(_ id: SessionID, _ db: Database, _ path: String) throws -> RunSession? {
        try sessions("WHERE s.id = ?", [id.text], limit: 1, db, path).first
    }

    /// As `WorkStore` promises.
    package func sessions(of build: BuildID, limit: Int) async throws(WorkStoreFailure) -> [RunSession] {
        let path = path
        return try await look { db in
            try Self.sessions(
                "WHERE s.id IN (SELECT session FROM sessionBuild WHERE build = ?)", [build.text], limit: limit, db, path
            )
        }
    }

    /// All sessions, the last one first, at most `limit`.
    package func sessions(limit: Int) async throws(WorkStoreFailure) -> [RunSession] {
        let path = path
        return try await look { db in try Self.sessions("", [], limit: limit, db, path) }
    }

    private static func sessions(
        _ clause: String, _ arguments: StatementArguments, limit: Int, _ db: Database, _ path: String
    ) throws -> [RunSession] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT s.*, (SELECT json_group_array(build) FROM (
                    SELECT b.build FROM sessionBuild b WHERE b.session = s.id ORDER BY b.position)) AS builds
                FROM session s \(clause) ORDER BY s.startedAtMs DESC, s.rowid DESC LIMIT \(page(limit))
                """, arguments: arguments
        ).map { found in
            let row = BoardRow(row: found, file: path, what: "session \(String.fromDatabaseValue(found["id"]) ?? "?")")
            guard let configuration = HexDigest(try row.text("configuration")) else {
                throw row.damaged("configuration")
            }
            var session = RunSession(
                id: try row.name("id", SessionID.self), target: try row.name("target", CardID.self),
                targetType: try row.word("targetType", CardType.self), builds: try row.names("builds", BuildID.self),
                startedAt: try row.time("startedAtMs"), configuration: configuration)
            session.endedAt = try row.optionalInteger("endedAtMs").map(UTCTime.init)
            if let code = try row.optionalText("outcome") {
                session.outcome = RunOutcome(code: code, detail: try row.optionalText("detail") ?? "")
                if session.outcome == nil { throw row.damaged("outcome") }
            }
            return session
        }
    }
}
