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
        guard let priority = Double.fromDatabaseValue(row.row["priority"]).flatMap(Priority.init) else {
            throw row.damaged("priority")
        }
        self.init(
            id: try row.name("id", CardID.self), type: try row.word("type", CardType.self),
            number: try row.integer("number"), priority: priority, createdAt: try row.time("createdAtMs"))
        status = try row.word("status", CardStatus.self)
        waitReason = try row.optionalWord("waitReason", WaitReason.self)
        version = try row.integer("version")
        parent = try row.optionalName("parent", CardID.self)
        build = try row.optionalName("build", BuildID.self)
        department = try row.name("department", DepartmentID.self)
        name = try row.optionalText("name")
        seat = try row.optionalName("seat", SeatID.self)
        assignee = try row.optionalText("assignee")
        if let label = try row.optionalText("sprint") {
            guard let known = Sprint(label) else { throw row.damaged("sprint") }
            sprint = known
        }
        dependsOn = try row.names("needs", CardID.self)
        attempts = Int(try row.integer("attempts"))
        enteredAt = try row.time("enteredAtMs")
        isDefined = try row.integer("isDefined") != 0
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
