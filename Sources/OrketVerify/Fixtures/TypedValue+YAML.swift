import OrketCore
import Yams

/// Typed values as a fixture writes them: YAML's own scalars, lists and mappings, and tags for the rest: `!tuple`, `!set`,
/// `!frozenset`, `!float`, `!bytes` and `!bytearray` (hexadecimal), `!undefined`.
extension TypedValue {
    /// Reads `node`; nil with findings in `fields` when it is no value.
    static func read(_ node: Node, _ fields: inout YAMLFields) -> TypedValue? {
        switch node {
        case .scalar(let scalar): return read(scalar, node, &fields)
        case .sequence(let sequence):
            let kind: Sequence
            switch node.tag.rawValue {
            case Tag.Name.seq.rawValue: kind = .list
            case "!tuple": kind = .tuple
            case "!set": kind = .set
            case "!frozenset": kind = .frozenset
            default: return refuse(node, &fields)
            }
            let items = sequence.map { read($0, &fields) }
            return items.contains { $0 == nil } ? nil : .sequence(kind, items.compactMap { $0 })
        case .mapping(let mapping):
            guard node.tag.rawValue == Tag.Name.map.rawValue else { return refuse(node, &fields) }
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard let key = read(key, &fields), let value = read(value, &fields) else { return nil }
                entries.append(Entry(key, value))
            }
            return .dictionary(entries)
        default: return refuse(node, &fields)
        }
    }

    private static func read(_ scalar: Node.Scalar, _ node: Node, _ fields: inout YAMLFields) -> TypedValue? {
        let text = scalar.string
        switch node.tag.rawValue {
        case Tag.Name.str.rawValue: return .string(text)
        case Tag.Name.null.rawValue: return .null
        case Tag.Name.bool.rawValue where text == "true" || text == "false": return .bool(text == "true")
        case Tag.Name.int.rawValue where isCanonicalInteger(text): return .int(text)
        case Tag.Name.float.rawValue, "!float": if let value = number(text) { return .float(value) }
        case "!bytes", "!bytearray":
            let tag = node.tag.rawValue.dropFirst()
            if let value = try? TypedValue(json: .object([.init(String(tag), .string(text))])) { return value }
        case "!undefined" where text.isEmpty: return .undefined
        default: break
        }
        return refuse(node, &fields)
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case ".inf": .infinity
        case "-.inf": -.infinity
        default: Double(text).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private static func refuse(_ node: Node, _ fields: inout YAMLFields) -> TypedValue? {
        let tag = node.tag.rawValue.prefix(64).description.jsonEscaped
        fields.note(
            "no value: \(tag); write text in quotes, whole numbers in plain digits, true, false, null, or one of the tags"
                + " !tuple, !set, !frozenset, !float, !bytes, !bytearray, !undefined", at: node.mark)
        return nil
    }
}
