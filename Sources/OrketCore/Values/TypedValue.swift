/// A value of a program as it crosses between sandboxes: its kind and its contents, nothing of its behaviour. Two values are
/// equal when both are: `true` is not 1, 1 is not 1.0, a list is no tuple, and no code of the candidate takes part.
package enum TypedValue: Sendable {
    case null
    /// JavaScript's `undefined`.
    case undefined
    case bool(Bool)
    /// Decimal digits without leading zeros, with `-` before a negative one: whole numbers have no largest size.
    case int(String)
    case float(Double)
    case string(String)
    case bytes([UInt8], isMutable: Bool)
    case complex(Double, Double)
    case sequence(Sequence, [TypedValue])
    /// In the order in which it was made; equality ignores that order.
    case dictionary([Entry])

    /// Kinds of collections by their name in the encoding; a list is a JSON array.
    package enum Sequence: String, Sendable, CaseIterable {
        case list, tuple, set, frozenset

        /// Order and repetition say nothing.
        package var isUnordered: Bool { self == .set || self == .frozenset }
    }

    /// One key with its value.
    package struct Entry: Sendable {
        package var key: TypedValue
        package var value: TypedValue

        /// `key: value`.
        package init(_ key: TypedValue, _ value: TypedValue) {
            self.key = key
            self.value = value
        }
    }

    /// A whole number of the host.
    package static func int(_ value: Int) -> TypedValue { .int(String(value)) }

    /// The word for its kind in a sentence.
    package var kind: String {
        switch self {
        case .null: "null"
        case .undefined: "undefined"
        case .bool: "a boolean"
        case .int: "an integer"
        case .float: "a float"
        case .string: "a string"
        case .bytes(_, let isMutable): isMutable ? "a bytearray" : "bytes"
        case .complex: "a complex number"
        case .sequence(let sequence, _): "a \(sequence.rawValue)"
        case .dictionary: "a dictionary"
        }
    }

    /// True when NaN is somewhere in it: such a value equals nothing.
    package var holdsNaN: Bool {
        switch self {
        case .float(let value): value.isNaN
        case .complex(let real, let imaginary): real.isNaN || imaginary.isNaN
        case .sequence(_, let items): items.contains { $0.holdsNaN }
        case .dictionary(let entries): entries.contains { $0.key.holdsNaN || $0.value.holdsNaN }
        default: false
        }
    }
}

extension TypedValue: Equatable {
    package static func == (a: TypedValue, b: TypedValue) -> Bool { !a.holdsNaN && a.canonical == b.canonical }

    /// A text that is the same for equal values: members of unordered collections sorted, zero without a sign.
    package var canonical: String {
        switch self {
        case .null: "null"
        case .undefined: "undefined"
        case .bool(let value): value ? "true" : "false"
        case .int(let digits): "i" + digits
        case .float(let value): Self.canonical(value)
        // As bytes: strings that Unicode calls equivalent are still different strings.
        case .string(let text): "s" + HexText.encode(text.utf8)
        case .bytes(let bytes, let isMutable): (isMutable ? "B" : "b") + HexText.encode(bytes)
        case .complex(let real, let imaginary): "c(\(Self.canonical(real)),\(Self.canonical(imaginary)))"
        case .sequence(let sequence, let items):
            sequence.rawValue + "[" + Self.members(items.map(\.canonical), sorted: sequence.isUnordered) + "]"
        case .dictionary(let entries):
            "{" + Self.members(entries.map { $0.key.canonical + ":" + $0.value.canonical }, sorted: true) + "}"
        }
    }

    private static func canonical(_ value: Double) -> String { value == 0 ? "f0.0" : "f\(value)" }

    private static func members(_ texts: [String], sorted: Bool) -> String {
        (sorted ? Set(texts).sorted() : texts).joined(separator: ",")
    }
}
