import Glibc
import OrketCore
import OrketVerify

/// Checks a document against a JSON Schema (2020-12), as far as the schemas of docs/formats go: a keyword that is not
/// implemented here is a violation, so none is ignored in silence.
struct SchemaChecker {
    private let root: JSONValue

    /// Reads `docs/formats/NAME.schema.json` of this checkout.
    init(named name: String) throws {
        root = try StrictJSON.parse(
            try HostFile.contents(packageRoot + "/docs/formats/\(name).schema.json", maximumBytes: 1 << 20))
    }

    init(_ schema: JSONValue) { root = schema }

    /// One sentence for each violation, with the place in the document.
    func violations(_ document: JSONValue) -> [String] { check(document, root, "$") }

    private static let annotations: Set = ["$schema", "$id", "$defs", "title", "description"]

    private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): the schema is no object"] }
        return keywords.flatMap { keyword in
            if Self.annotations.contains(keyword.name) { return [String]() }
            return apply(keyword.name, keyword.value, value, schema, place)
        }
    }

    private func apply(
        _ keyword: String, _ argument: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ place: String
    ) -> [String] {
        switch keyword {
        case "$ref": return check(value, resolve(argument), place)
        case "const": return value == argument ? [] : ["\(place): is \(value.text), not \(argument.text)"]
        case "enum": return argument.elements.contains(value) ? [] : ["\(place): \(value.text) is not in the enum"]
        case "type":
            let types = argument.string.map { [$0] } ?? argument.elements.compactMap(\.string)
            return types.contains { value.isOf(type: $0) } ? [] : ["\(place): \(value.text) is no \(types)"]
        case "anyOf", "oneOf":
            let fitting = argument.elements.filter { check(value, $0, place).isEmpty }.count
            return fitting == 1 || (keyword == "anyOf" && fitting > 1)
                ? [] : ["\(place): fits \(fitting) of \(keyword)"]
        case "minimum", "maximum":
            guard let number = value.double, let bound = argument.double else { return [] }
            return (keyword == "minimum" ? number >= bound : number <= bound)
                ? [] : ["\(place): \(number) beyond \(bound)"]
        case "minLength", "minItems":
            let count = keyword == "minItems" ? value.elements.count : value.string?.count
            return (count ?? .max) >= Int(argument.double ?? 0) ? [] : ["\(place): shorter than \(argument.text)"]
        case "maxLength", "maxItems":
            let count = keyword == "maxItems" ? value.elements.count : value.string?.count
            return (count ?? 0) <= Int(argument.double ?? 0) ? [] : ["\(place): longer than \(argument.text)"]
        case "if":
            let branch = check(value, argument, place).isEmpty ? "then" : "else"
            return schema[branch].map { check(value, $0, place) } ?? []
        case "then", "else": return []
        case "dependentRequired":
            return argument.members.filter { value[$0.name] != nil }.flatMap { member in
                member.value.elements.compactMap(\.string).filter { value[$0] == nil }
                    .map { "\(place): \(member.name) without \($0)" }
            }
        case "pattern":
            guard let text = value.string, let pattern = argument.string else { return [] }
            return matches(text, pattern) ? [] : ["\(place): \(text) does not match \(pattern)"]
        case "items": return value.elements.enumerated().flatMap { check($1, argument, "\(place)[\($0)]") }
        case "required":
            return argument.elements.compactMap(\.string).filter { value[$0] == nil && value.isOf(type: "object") }
                .map { "\(place): \($0) is missing" }
        case "properties":
            return value.members.flatMap { member in
                argument[member.name].map { check(member.value, $0, "\(place).\(member.name)") } ?? []
            }
        case "additionalProperties":
            let known = Set(schema["properties"]?.members.map(\.name) ?? [])
            return value.members.filter { !known.contains($0.name) }.flatMap { member in
                argument == .bool(false)
                    ? ["\(place): \(member.name) is not in the schema"]
                    : check(member.value, argument, "\(place).\(member.name)")
            }
        default: return ["\(place): the checker does not know the keyword \(keyword)"]
        }
    }

    private func resolve(_ reference: JSONValue) -> JSONValue {
        let path = reference.string?.split(separator: "/").dropFirst() ?? []
        return path.reduce(root) { $0[String($1)] ?? .null }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return false }
        return text.firstMatch(of: expression) != nil
    }
}

extension JSONValue {
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    var members: [Member] { if case .object(let members) = self { members } else { [] } }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    fileprivate func isOf(type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }
}
