/// A JSON document as a value, with the members of an object in the order in which they were written.
///
/// Orket reads JSON that strangers wrote and writes JSON that scripts depend on, so it has its own strict pair of
/// reader and writer: duplicate members are refused instead of merged, and nothing of Foundation has to be loaded.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name with its value.
    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue

        /// A member `name: value`.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The word for the type of this value in a finding.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The value of the member `name`; nil when this is no object or has no such member.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string value, else nil.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
