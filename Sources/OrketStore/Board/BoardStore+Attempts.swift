internal import GRDB
package import OrketCore

extension BoardStore {
    /// As `WorkStore` promises.
    package func attempts(at issue: CardID) async throws(WorkStoreFailure) -> [IssueAttempt] {
        let path = path
        return try await look { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM attempt WHERE issue = ? ORDER BY ordinal", arguments: [issue.text]
            ).map { try Self.attempt($0, path) }
        }
    }

    static func attempt(_ found: Row, _ path: String) throws(StoreError) -> IssueAttempt {
        let row = BoardRow(row: found, file: path, what: "attempt \(Int64.fromDatabaseValue(found["number"]) ?? 0)")
        var attempt = IssueAttempt(
            issue: try row.name("issue", CardID.self), session: try row.name("session", SessionID.self),
            number: Int(try row.integer("ordinal")), startedAt: try row.time("startedAtMs"))
        attempt.endedAt = try row.optionalInteger("endedAtMs").map(UTCTime.init)
        attempt.workMs = try row.integer("workMs")
        attempt.verificationMs = try row.integer("verificationMs")
        attempt.candidate = try digest("candidate", row)
        if try row.optionalText("evidence") != nil {
            let texts = try row.texts("evidence")
            let records = texts.compactMap(EvidenceID.init)
            if records.count < texts.count { throw row.damaged("evidence") }
            attempt.evidence = records
        }
        if let kind = try row.optionalWord("result", AttemptResult.Kind.self) {
            attempt.result = AttemptResult(
                kind, reasons: try row.texts("reasons"),
                fingerprint: try digest("fingerprint", row).map(FailureFingerprint.init))
        }
        return attempt
    }

    private static func digest(_ column: String, _ row: BoardRow) throws(StoreError) -> HexDigest? {
        guard let text = try row.optionalText(column) else { return nil }
        guard let digest = HexDigest(text) else { throw row.damaged(column) }
        return digest
    }

    /// Writes what becomes of an attempt. Saying the same once more changes nothing: a step that was repeated after a crash.
    static func write(_ change: WorkStep.Attempt, of step: WorkStep, _ db: Database, _ path: String) throws {
        switch change {
        case .begin(let attempt): try begin(attempt, of: step, db, path)
        case .deliver(let number, let candidate, let workMs):
            let open = try open(number, of: step, db, path)
            if let other = open.candidate, other != candidate {
                throw WorkStoreFailure.conflict(
                    "attempt \(number) at '\(step.issue)' has delivered other content: \(other)")
            }
            if open.candidate != nil { return }
            try update("candidate = ?, workMs = ?", [candidate.text, workMs], number, step, db)
        case .verify(let number, let evidence, let verificationMs):
            let open = try open(number, of: step, db, path)
            if let other = open.evidence, other != evidence {
                throw WorkStoreFailure.conflict("attempt \(number) at '\(step.issue)' has other evidence already")
            }
            if open.evidence != nil { return }
            let list = JSONValue.array(evidence.map { .string($0.text) })
            try update("evidence = ?, verificationMs = ?", [list.text, verificationMs], number, step, db)
        case .close(let number, let result):
            _ = try open(number, of: step, db, path)
            let reasons = JSONValue.array(result.reasons.map { .string($0) })
            try update(
                "endedAtMs = ?, result = ?, reasons = ?, fingerprint = ?",
                [step.at.milliseconds, result.kind.rawValue, reasons.text, result.fingerprint?.digest.text], number,
                step, db)
        }
    }

    private static func begin(_ attempt: IssueAttempt, of step: WorkStep, _ db: Database, _ path: String) throws {
        guard attempt.issue == step.issue else {
            throw WorkStoreFailure.conflict(
                "the step is about '\(step.issue)', and its attempt about '\(attempt.issue)'")
        }
        let last = try Row.fetchOne(
            db, sql: "SELECT * FROM attempt WHERE issue = ? ORDER BY ordinal DESC LIMIT 1",
            arguments: [attempt.issue.text]
        ).map { row in try Self.attempt(row, path) }
        if let last, last.result == nil {
            throw WorkStoreFailure.conflict("attempt \(last.number) at '\(attempt.issue)' is open: close it first")
        }
        guard attempt.number == (last?.number ?? 0) + 1 else {
            throw WorkStoreFailure.conflict(
                "the next attempt at '\(attempt.issue)' is \((last?.number ?? 0) + 1), not \(attempt.number)")
        }
        try db.execute(
            sql: """
                INSERT INTO attempt (number, issue, ordinal, session, cardVersion, startedAtMs, workMs, verificationMs,
                    reasons)
                SELECT (SELECT coalesce(max(number), 0) + 1 FROM attempt), id, ?, ?, version, ?, 0, 0, '[]'
                FROM card WHERE id = ?
                """,
            arguments: [attempt.number, attempt.session.text, attempt.startedAt.milliseconds, attempt.issue.text])
    }

    private static func open(
        _ number: Int, of step: WorkStep, _ db: Database, _ path: String
    ) throws -> IssueAttempt {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM attempt WHERE issue = ? AND ordinal = ?", arguments: [step.issue.text, number])
        guard let row else {
            throw WorkStoreFailure.conflict("there is no attempt \(number) at '\(step.issue)'")
        }
        let attempt = try Self.attempt(row, path)
        if attempt.result != nil {
            throw WorkStoreFailure.conflict("attempt \(number) at '\(step.issue)' was closed before")
        }
        return attempt
    }

    private static func update(
        _ assignments: String, _ values: [(any DatabaseValueConvertible)?], _ number: Int, _ step: WorkStep,
        _ db: Database
    ) throws {
        try db.execute(
            sql: "UPDATE attempt SET \(assignments) WHERE issue = ? AND ordinal = ?",
            arguments: StatementArguments(values + [step.issue.text, number]))
    }
}
