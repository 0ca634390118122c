internal import GRDB
internal import OrketCore

/// Reads the columns of one row. A value that this program would not have written is damage, and is named.
struct BoardRow {
    let row: Row
    let file: String
    /// What the row is about, such as `card login`.
    let what: String

    func damaged(_ column: String) -> StoreError {
        StoreError(.corrupted, file, "\(what): its \(column) is not readable")
    }

    func text(_ column: String) throws(StoreError) -> String {
        guard let text = String.fromDatabaseValue(row[column]) else { throw damaged(column) }
        return text
    }

    func optionalText(_ column: String) throws(StoreError) -> String? {
        let value: DatabaseValue = row[column]
        return value.isNull ? nil : try text(column)
    }

    func integer(_ column: String) throws(StoreError) -> Int64 {
        guard let number = Int64.fromDatabaseValue(row[column]) else { throw damaged(column) }
        return number
    }

    func optionalInteger(_ column: String) throws(StoreError) -> Int64? {
        let value: DatabaseValue = row[column]
        return value.isNull ? nil : try integer(column)
    }

    func time(_ column: String) throws(StoreError) -> UTCTime { UTCTime(milliseconds: try integer(column)) }

    func name<Subject>(_ column: String, _ type: Identifier<Subject>.Type) throws(StoreError) -> Identifier<Subject> {
        guard let name = Identifier<Subject>(try text(column)) else { throw damaged(column) }
        return name
    }

    func optionalName<Subject>(
        _ column: String, _ type: Identifier<Subject>.Type
    ) throws(StoreError) -> Identifier<Subject>? {
        try optionalText(column) == nil ? nil : try name(column, type)
    }

    func word<Word: RawRepresentable<String>>(_ column: String, _ type: Word.Type) throws(StoreError) -> Word {
        guard let word = Word(rawValue: try text(column)) else { throw damaged(column) }
        return word
    }

    func optionalWord<Word: RawRepresentable<String>>(
        _ column: String, _ type: Word.Type
    ) throws(StoreError) -> Word? {
        try optionalText(column) == nil ? nil : try word(column, type)
    }

    func json(_ column: String) throws(StoreError) -> JSONValue {
        do { return try StrictJSON.parse(Array(try text(column).utf8), deepest: 128) } catch let error as StoreError {
            throw error
        } catch { throw damaged(column) }
    }

    func optionalJSON(_ column: String) throws(StoreError) -> JSONValue? {
        try optionalText(column) == nil ? nil : try json(column)
    }

    /// A list of texts.
    func texts(_ column: String) throws(StoreError) -> [String] {
        guard case .array(let elements) = try json(column) else { throw damaged(column) }
        let texts = elements.compactMap(\.string)
        if texts.count < elements.count { throw damaged(column) }
        return texts
    }

    func names<Subject>(
        _ column: String, _ type: Identifier<Subject>.Type
    ) throws(StoreError) -> [Identifier<Subject>] {
        let texts = try texts(column)
        let names = texts.compactMap(Identifier<Subject>.init)
        if names.count < texts.count { throw damaged(column) }
        return names
    }

    func actor() throws(StoreError) -> Actor {
        guard let actor = Actor(try word("actorKind", Actor.Kind.self), try text("actor")) else {
            throw damaged("actor")
        }
        return actor
    }
}
