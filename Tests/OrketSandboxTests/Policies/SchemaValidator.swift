import OrketCore
import OrketSandbox

/// As much of JSON Schema (2020-12) as the published formats use, over the documents that the policy reader makes. A keyword
/// that it does not know is a failure, so that no schema is checked by half.
struct SchemaValidator {
    private let root: DocumentNode

    init(_ root: DocumentNode) { self.root = root }

    /// What is wrong with a document, each with its path; empty when the schema accepts it.
    func defects(_ document: DocumentNode) -> [String] { check(document, root, "") }

    private func check(_ node: DocumentNode, _ schema: DocumentNode, _ path: String) -> [String] {
        schema.entries.flatMap { entry -> [String] in
            let value = entry.value
            switch entry.key {
            case "$schema", "$id", "$defs", "title", "description": return []
            case "$ref":
                return definition(value.text).map { check(node, $0, path) } ?? ["\(path): no definition \(value.text)"]
            case "anyOf":
                return value.elements.contains { check(node, $0, path).isEmpty } ? [] : ["\(path): fits nothing"]
            case "type": return isOf(value.text, node) ? [] : ["\(path): is no \(value.text)"]
            case "const": return node.plain == value.text ? [] : ["\(path): is not \(value.text)"]
            case "enum":
                let isKnown = value.elements.contains { $0.text == node.text && isOf("string", node) }
                return isKnown ? [] : ["\(path): is none of the values"]
            case "minimum", "maximum": return number(node, value, entry.key, path)
            case "minLength", "maxLength", "pattern": return string(node, value, entry.key, path)
            case "items", "maxItems": return list(node, value, entry.key, path)
            case "properties", "required", "additionalProperties": return object(node, schema, entry.key, path)
            default: return ["\(path): the validator does not know the keyword \(entry.key)"]
            }
        }
    }

    private func definition(_ reference: String) -> DocumentNode? {
        root["$defs"]?[String(reference.dropFirst("#/$defs/".count))]
    }

    private func isOf(_ type: String, _ node: DocumentNode) -> Bool {
        switch (type, node.content) {
        case ("object", .mapping), ("array", .sequence), ("string", .scalar(_, plain: false)): true
        case ("string", .scalar(let text, plain: true)): PlainScalar(text) == .text
        case ("integer", .scalar(let text, plain: true)): PlainScalar(text) == .number && Int(text) != nil
        case ("boolean", .scalar(let text, plain: true)): [.boolean(true), .boolean(false)].contains(PlainScalar(text))
        default: false
        }
    }

    private func number(_ node: DocumentNode, _ bound: DocumentNode, _ keyword: String, _ path: String) -> [String] {
        guard let value = node.plain.flatMap({ Int($0) }), let bound = Int(bound.text) else { return [] }
        let isGood = keyword == "minimum" ? value >= bound : value <= bound
        return isGood ? [] : ["\(path): \(keyword) is \(bound)"]
    }

    private func string(_ node: DocumentNode, _ value: DocumentNode, _ keyword: String, _ path: String) -> [String] {
        guard isOf("string", node) else { return [] }
        let isGood =
            switch keyword {
            case "minLength": node.text.unicodeScalars.count >= Int(value.text)!
            case "maxLength": node.text.unicodeScalars.count <= Int(value.text)!
            default: (try? Regex(value.text).firstMatch(in: node.text)) != nil
            }
        return isGood ? [] : ["\(path): \(keyword) \(value.text)"]
    }

    private func list(_ node: DocumentNode, _ value: DocumentNode, _ keyword: String, _ path: String) -> [String] {
        if keyword == "maxItems" { return node.elements.count <= Int(value.text)! ? [] : ["\(path): too many"] }
        return node.elements.enumerated().flatMap { check($1, value, "\(path)/\($0)") }
    }

    private func object(
        _ node: DocumentNode, _ schema: DocumentNode, _ keyword: String, _ path: String
    ) -> [String] {
        guard case .mapping(let entries) = node.content else { return [] }
        let properties = schema["properties"]
        switch keyword {
        case "properties":
            return entries.flatMap { entry in
                properties?[entry.key].map { check(entry.value, $0, "\(path)/\(entry.key)") } ?? []
            }
        case "required":
            return schema["required"]!.elements.filter { node[$0.text] == nil }.map { "\(path): no \($0.text)" }
        default: return entries.filter { properties?[$0.key] == nil }.map { "\(path): unknown key \($0.key)" }
        }
    }
}

extension DocumentNode {
    subscript(key: String) -> DocumentNode? { entries.first { $0.key == key }?.value }

    var entries: [DocumentEntry] {
        if case .mapping(let entries) = content { return entries }
        return []
    }

    var elements: [DocumentNode] {
        if case .sequence(let nodes) = content { return nodes }
        return []
    }

    /// The text of a scalar.
    var text: String {
        if case .scalar(let text, _) = content { return text }
        return ""
    }

    /// The text of an unquoted scalar.
    var plain: String? {
        if case .scalar(let text, plain: true) = content { return text }
        return nil
    }
}
