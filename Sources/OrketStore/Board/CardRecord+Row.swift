internal import GRDB
internal import OrketCore

extension CardRecord {
    /// Everything that a record is read from, for the table `card` by the name of `c`.
    static let columns = """
        c.number, c.id, c.type, c.status, c.waitReason, c.version, c.parent, c.build, c.department, c.name, c.seat,
        c.assignee, c.sprint, c.priority, c.isDefined, c.createdAtMs, c.enteredAtMs,
        (SELECT json_group_array(needs) FROM (
            SELECT d.needs FROM cardDependency d WHERE d.card = c.id ORDER BY d.position)) AS needs,
        (SELECT count(*) FROM attempt a WHERE a.issue = c.id) AS attempts
        """

    init(_ row: Row, file: String) throws(StoreError) {
        let row = BoardRow(row: row, file: file, what: "card \(String.fromDatabaseValue(row["id"]) ?? "?")")
        let priority = try row.priority("priority")
        var record = CardRecord(
            id: try row.name("id", CardID.self), type: try row.word("type", CardType.self),
            number: try row.integer("number"), priority: priority, createdAt: try row.time("createdAtMs"))
        record.status = try row.word("status", CardStatus.self)
        record.waitReason = try row.optionalWord("waitReason", WaitReason.self)
        record.version = try row.integer("version")
        record.parent = try row.optionalName("parent", CardID.self)
        record.build = try row.optionalName("build", BuildID.self)
        record.department = try row.name("department", DepartmentID.self)
        record.name = try row.optionalText("name")
        record.seat = try row.optionalName("seat", SeatID.self)
        record.assignee = try row.optionalText("assignee")
        record.sprint = try row.optionalSprint("sprint")
        record.dependsOn = try row.names("needs", CardID.self)
        record.attempts = Int(try row.integer("attempts"))
        record.enteredAt = try row.time("enteredAtMs")
        record.isDefined = try row.integer("isDefined") != 0
        self = record
    }
}

extension BoardRow {
    /// A priority within its bounds. A function of its own: inlined into a throwing initialiser, this switch makes the
    /// optimiser of Swift 6.3.1 fail.
    fileprivate func priority(_ column: String) throws(StoreError) -> Priority {
        if let number = Double.fromDatabaseValue(row[column]), let priority = Priority(number) { return priority }
        throw damaged(column)
    }

    /// A sprint; nil where there is none.
    fileprivate func optionalSprint(_ column: String) throws(StoreError) -> Sprint? {
        guard let label = try optionalText(column) else { return nil }
        if let sprint = Sprint(label) { return sprint }
        throw damaged(column)
    }
}

extension CardFilter {
    /// A WHERE clause with its arguments; `after` is a number.
    func clause(after number: Int64 = 0) -> (sql: String, arguments: StatementArguments) {
        var all: [(sql: String, arguments: [(any DatabaseValueConvertible)?])] = []
        func ask(_ sql: String, _ value: (any DatabaseValueConvertible)?) {
            if let value { all.append((sql, [value])) }
        }
        ask("c.type = ?", type?.rawValue)
        if !statuses.isEmpty {
            let words = statuses.map(\.rawValue).sorted()
            all.append(("c.status IN (\(words.map { _ in "?" }.joined(separator: ", ")))", words))
        }
        ask("c.waitReason = ?", waitReason?.rawValue)
        ask("c.parent = ?", parent?.text)
        ask("c.seat = ?", seat?.text)
        ask("c.assignee = ?", assignee)
        ask("c.isDefined = ?", isDefined.map { $0 ? 1 : 0 })
        if number > 0 { ask("c.number > ?", number) }
        let sql = all.isEmpty ? "" : "WHERE " + all.map(\.sql).joined(separator: " AND ")
        return (sql, StatementArguments(all.flatMap(\.arguments)))
    }
}
