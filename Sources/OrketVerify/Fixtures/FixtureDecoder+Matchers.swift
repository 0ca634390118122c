import OrketCore
import Yams

/// Matchers and JSON assertions, as several kinds have them.
extension FixtureDecoder {
    private static let matcherKeys = ["equals", "equalsFile", "contains", "regex", "lines"]
    private static let assertionKeys = ["path", "equals", "type", "length"]
    private static let maximumParts = 100

    /// A text that must be equal, or a mapping of rules that must all hold.
    mutating func matcher(_ name: String, _ outer: inout YAMLFields) -> TextMatcher? {
        guard let node = outer.node(name) else { return nil }
        if case .scalar = node { return outer.text(name).map { TextMatcher(equals: Array($0.utf8)) } }
        guard var fields = YAMLFields(node, file: file, what: "'\(name)'", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.matcherKeys)
        var matcher = TextMatcher()
        if fields.has("equals") || fields.has("equalsFile") {
            matcher.equals = fields.bytes(
                "equals", orFile: "equalsFile", required: true, maximumBytes: TextMatcher.maximumBytes,
                directory: directory)
        }
        matcher.contains = texts("contains", &fields)
        for pattern in texts("regex", &fields) {
            do throws(RegexProblem) { matcher.regex.append(try LinearRegex(pattern)) } catch {
                fields.note("the expression '\(pattern.jsonEscaped)' \(error.sentence)", at: fields.mark("regex"))
            }
        }
        if fields.has("lines") { matcher.lines = texts("lines", &fields) }
        if Self.matcherKeys.allSatisfy({ !fields.has($0) }) {
            fields.note("'\(name)' needs one of \(Self.matcherKeys.joined(separator: ", "))", at: node.mark)
        }
        findings += fields.findings
        return matcher
    }

    /// One text, or a list of texts.
    private func texts(_ name: String, _ fields: inout YAMLFields) -> [String] {
        guard let node = fields.node(name) else { return [] }
        guard case .sequence(let sequence) = node else { return fields.text(name).map { [$0] } ?? [] }
        if sequence.count > Self.maximumParts, name != "lines" {
            fields.note("'\(name)' has more than \(Self.maximumParts) elements", at: node.mark)
        }
        return sequence.compactMap { fields.string($0, "an element of '\(name)'") }
    }

    /// The list under `json`.
    mutating func assertions(_ outer: inout YAMLFields) -> [JSONAssertion] {
        guard let node = outer.node("json") else { return [] }
        guard case .sequence(let sequence) = node, (1...1_000).contains(sequence.count) else {
            outer.note("'json' must be a list of 1 to 1000 assertions", at: node.mark)
            return []
        }
        return sequence.compactMap { assertion($0) }
    }

    private mutating func assertion(_ node: Node) -> JSONAssertion? {
        guard var fields = YAMLFields(node, file: file, what: "an assertion", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.assertionKeys)
        let path = fields.text("path")
        let steps = path.flatMap { JSONAssertion.steps($0) }
        if path != nil, steps == nil {
            fields.note("'path' must be $ and then .name, [\"name\"] or [0]", at: fields.mark("path"))
        }
        let equals = fields.node("equals").flatMap { TypedValue.read($0, &fields) }
        let value = equals.flatMap { Self.plain($0) }
        if equals != nil, value == nil {
            fields.note("'equals' is nothing that JSON can hold", at: fields.mark("equals"))
        }
        let type = fields.has("type") ? fields.choice("type", JSONAssertion.ValueType.self) : nil
        let length = fields.has("length") ? fields.integer("length", in: 0...Int(Int32.max)) : nil
        if !fields.has("equals"), !fields.has("type"), !fields.has("length") {
            fields.note("an assertion needs 'equals', 'type' or 'length'", at: node.mark)
        }
        findings += fields.findings
        guard let path, let steps else { return nil }
        return JSONAssertion(path: path, steps: steps, equals: value, type: type, length: length)
    }

    /// The value as JSON; nil for what JSON does not know.
    private static func plain(_ value: TypedValue) -> JSONValue? {
        switch value {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let digits): return Int64(digits).map { .integer($0) }
        case .float(let number): return number.isFinite ? .number(number) : nil
        case .string(let text): return .string(text)
        case .sequence(.list, let items):
            let all = items.compactMap { plain($0) }
            return all.count == items.count ? .array(all) : nil
        case .dictionary(let entries):
            var members: [JSONValue.Member] = []
            for entry in entries {
                guard case .string(let name) = entry.key, let value = plain(entry.value) else { return nil }
                members.append(JSONValue.Member(name, value))
            }
            return .object(members)
        default: return nil
        }
    }
}
