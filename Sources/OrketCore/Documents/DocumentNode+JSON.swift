extension DocumentNode {
    /// The same value as JSON, by the core schema of YAML 1.2. Nil, with findings, where JSON has no such value: a number
    /// beyond Int64 and Double, or none at all.
    package func json(_ findings: inout [Finding]) -> JSONValue? {
        switch content {
        case .scalar(let text, plain: false): return .string(text)
        case .scalar(let text, plain: true):
            switch PlainScalar(text) {
            case .null: return .null
            case .boolean(let value): return .bool(value)
            case .text: return .string(text)
            case .number:
                if let value = Int64(text) { return .integer(value) }
                if let value = Double(text), value.isFinite, text.contains(where: { ".eE".contains($0) }) {
                    return .number(value)
                }
                findings.append(place.finding("\(CanonicalText.quote(text)) is a number that JSON cannot hold"))
                return nil
            }
        case .sequence(let nodes):
            let values = nodes.map { $0.json(&findings) }
            return values.contains(nil) ? nil : .array(values.compactMap { $0 })
        case .mapping(let entries):
            let members = entries.map { entry in
                entry.value.json(&findings).map { JSONValue.Member(entry.key, $0) }
            }
            return members.contains { $0 == nil } ? nil : .object(members.compactMap { $0 })
        }
    }
}

extension JSONValue {
    /// The same value as a document, every part at `place`: what was stored is read as what was written by hand.
    package func document(_ place: Place) -> DocumentNode {
        let content: DocumentNode.Content =
            switch self {
            case .null: .scalar("null", plain: true)
            case .bool(let value): .scalar(value ? "true" : "false", plain: true)
            case .integer(let value): .scalar(String(value), plain: true)
            case .number(let value): .scalar(value.description, plain: true)
            case .string(let text): .scalar(text, plain: false)
            case .array(let elements): .sequence(elements.map { $0.document(place) })
            case .object(let members):
                .mapping(members.map { DocumentEntry(key: $0.name, place: place, value: $0.value.document(place)) })
            }
        return DocumentNode(content: content, place: place)
    }
}
