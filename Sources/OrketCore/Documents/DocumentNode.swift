/// A place in a text file: what every finding about its content names. Lines and columns count from 1.
package struct Place: Sendable, Hashable {
    package var file: String
    package var line: Int
    package var column: Int

    /// A place; both counts are 1 or more.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// A finding at this place.
    package func finding(_ message: String) -> Finding { Finding(file: file, line: line, column: column, message) }
}

/// One value of a YAML or JSON document, with its place.
package struct DocumentNode: Sendable {
    /// The three kinds of value that YAML has.
    package enum Content: Sendable {
        /// `plain` is false for quoted and block text, which is never read as a number, a boolean or null.
        case scalar(String, plain: Bool)
        case sequence([DocumentNode])
        case mapping([DocumentEntry])
    }

    package var content: Content
    package var place: Place

    /// A value at its place.
    package init(content: Content, place: Place) {
        self.content = content
        self.place = place
    }

    /// What the value is, for a sentence that says what was expected instead.
    package var kind: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(_, plain: false): return "text"
        case .scalar(let text, plain: true):
            switch PlainScalar(text) {
            case .null: return "nothing"
            case .boolean: return "a boolean"
            case .number: return "a number"
            case .text: return "text"
            }
        }
    }
}

/// One `key: value` of a mapping, in the order of the file. Keys are unique.
package struct DocumentEntry: Sendable {
    package var key: String
    package var place: Place
    package var value: DocumentNode

    /// A member at the place of its key.
    package init(key: String, place: Place, value: DocumentNode) {
        self.key = key
        self.place = place
        self.value = value
    }
}

/// What an unquoted scalar means: the core schema of YAML 1.2, which reads JSON as JSON. So `no` and `on` are text, and `0o17`
/// is no number.
package enum PlainScalar: Equatable {
    case null, boolean(Bool), number, text

    package init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "-.inf", "+.inf": self = .number
        default:
            // Double() also reads words such as `nan` and `infinity`, which YAML takes for text.
            let starts = text.first.map { $0.isNumber || "+-.".contains($0) } ?? false
            self = starts && Double(text) != nil ? .number : .text
        }
    }
}
