import OrketCore
import Yams

/// What the cases of every kind have.
protocol FixtureCase {
    var id: String { get }
}

extension CLIBody.Case: FixtureCase {}
extension FunctionBody.Case: FixtureCase {}

extension FixtureDecoder {
    private static let callKeys = ["id", "args", "kwargs", "expected", "raises", "match", "hidden"]

    mutating func functionBody(_ fields: inout YAMLFields) -> FunctionBody? {
        let entry = fields.text("entry")
        if let entry, !Self.isDottedName(entry) {
            fields.note("'entry' must be a name, or names joined by dots", at: fields.mark("entry"))
        }
        let seed = fields.has("seed") ? fields.integer("seed", in: 0...Int(Int32.max)) : 0
        let cases = self.cases(fields.node("cases"), missingAt: fields.mark("cases")) { $0.call($1) }
        guard let entry, let seed else { return nil }
        return FunctionBody(entry: entry, seed: UInt64(seed), cases: cases)
    }

    static func isDottedName(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 200
            && parts.allSatisfy { part in
                guard let first = part.first else { return false }
                return !first.isNumber && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
            }
    }

    private mutating func call(_ node: Node) -> FunctionBody.Case? {
        guard var fields = YAMLFields(node, file: file, what: "a case", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.callKeys)
        let id = identifier("id", &fields)
        let arguments = self.arguments(&fields)
        let named = self.named(&fields)
        let expected = self.expected(&fields)
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        findings += fields.findings
        guard let id, let arguments, let named, let expected, let isHidden else { return nil }
        return FunctionBody.Case(
            id: id, arguments: arguments, named: named, expected: expected, isHidden: isHidden,
            line: node.mark?.line ?? 1)
    }

    private func arguments(_ fields: inout YAMLFields) -> [TypedValue]? {
        guard let node = fields.node("args") else { return [] }
        guard case .sequence(.list, let items)? = TypedValue.read(node, &fields) else {
            fields.note("'args' must be a list of values", at: node.mark)
            return nil
        }
        return items
    }

    private func named(_ fields: inout YAMLFields) -> [(name: String, value: TypedValue)]? {
        guard let node = fields.node("kwargs") else { return [] }
        guard case .dictionary(let entries)? = TypedValue.read(node, &fields) else {
            fields.note("'kwargs' must be a mapping of names to values", at: node.mark)
            return nil
        }
        var named: [(String, TypedValue)] = []
        for entry in entries {
            guard case .string(let name) = entry.key, Self.isDottedName(name), !name.contains(".") else {
                fields.note("a key of 'kwargs' must be a name", at: node.mark)
                return nil
            }
            named.append((name, entry.value))
        }
        return named
    }

    private func expected(_ fields: inout YAMLFields) -> FunctionBody.Expected? {
        switch (fields.node("expected"), fields.node("raises")) {
        case (let node?, nil):
            guard let value = TypedValue.read(node, &fields), let matcher = matcher(&fields) else { return nil }
            return .value(value, matcher)
        case (nil, let node?):
            if fields.has("match") { fields.note("'match' belongs to 'expected'", at: fields.mark("match")) }
            return exception(node, &fields)
        case (nil, nil): fields.note("'expected' or 'raises' is missing", at: fields.mark("id"))
        case (_?, _?): fields.note("give 'expected' or 'raises', not both", at: fields.mark("raises"))
        }
        return nil
    }

    /// `raises: ValueError`, or `raises: {type: ValueError, text: "part of its text"}`.
    private func exception(_ node: Node, _ fields: inout YAMLFields) -> FunctionBody.Expected? {
        if case .scalar = node { return fields.text("raises").map { .exception(type: $0, text: "") } }
        var found: [Finding] = []
        guard var inner = YAMLFields(node, file: file, what: "'raises'", findings: &found) else {
            fields.add(found)
            return nil
        }
        inner.refuseUnknown(["type", "text"])
        let type = inner.text("type")
        let text = inner.has("text") ? inner.text("text") : ""
        fields.add(inner.findings)
        guard let type, let text else { return nil }
        return .exception(type: type, text: text)
    }

    /// `match: exact`, `match: unordered`, or `match: {approximate: 1e-9}`.
    private func matcher(_ fields: inout YAMLFields) -> ValueMatcher? {
        guard let node = fields.node("match") else { return .exact }
        switch TypedValue.read(node, &fields) {
        case .string("exact")?: return .exact
        case .string("unordered")?: return .unordered
        case .dictionary(let entries)? where entries.count == 1:
            if case .string("approximate") = entries[0].key, case .float(let tolerance) = entries[0].value,
                tolerance > 0, tolerance < 1
            {
                return .approximate(tolerance)
            }
        default: break
        }
        fields.note("'match' must be exact, unordered, or {approximate: TOLERANCE} between 0 and 1", at: node.mark)
        return nil
    }
}
