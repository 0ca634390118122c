internal import OrketCore

/// Checked access to the values of a document. Each defect becomes a finding and reading goes on, so that all of them are
/// reported at once.
struct DocumentDecoder {
    /// Most entries of one list.
    static let maximumEntries = 1_024
    /// Most bytes of one text.
    static let maximumTextBytes = 64 << 10

    private(set) var findings: [Finding] = []

    /// The values of one mapping, by key.
    struct Fields {
        let place: Place
        fileprivate let entries: [String: DocumentEntry]

        subscript(key: String) -> DocumentNode? { entries[key]?.value }
    }

    mutating func report(_ place: Place, _ message: String) { findings.append(place.finding(message)) }
    mutating func report(_ more: [Finding]) { findings += more }

    /// The fields of a mapping that has only the table's keys and all its required ones. Nil when it is no mapping.
    mutating func fields(_ node: DocumentNode, _ table: KeyTable, _ what: String) -> Fields? {
        guard case .mapping(let entries) = node.content else {
            report(node.place, "\(what) must be a mapping with \(list(table.keys)), and is \(node.kind)")
            return nil
        }
        for entry in entries where !table.keys.contains(entry.key) {
            report(entry.place, "unknown key \(CanonicalText.quote(entry.key)) in \(what); known: \(list(table.keys))")
        }
        let fields = Fields(
            place: node.place, entries: Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0) }))
        for key in table.required where fields.entries[key] == nil { report(node.place, "\(what) has no `\(key)`") }
        return fields
    }

    /// The entries of a list; nil when the key is absent or is no list. An empty list is a value of its own: nothing is
    /// allowed.
    mutating func list(_ node: DocumentNode?, _ what: String) -> [DocumentNode]? {
        guard let node else { return nil }
        guard case .sequence(let nodes) = node.content else {
            report(node.place, "`\(what)` must be a list ([] allows nothing), and is \(node.kind)")
            return nil
        }
        if nodes.count > Self.maximumEntries {
            report(node.place, "`\(what)` has more than \(Self.maximumEntries) entries")
            return nil
        }
        return nodes
    }

    /// Text that is neither empty nor blank, and has no NUL.
    mutating func text(_ node: DocumentNode?, _ what: String, mayBeEmpty: Bool = false) -> String? {
        guard let node else { return nil }
        guard case .scalar(let text, let plain) = node.content, !plain || PlainScalar(text) == .text else {
            report(node.place, "`\(what)` must be text, and is \(node.kind)" + quoteHint(node))
            return nil
        }
        if !mayBeEmpty, text.allSatisfy(\.isWhitespace) {
            report(node.place, "`\(what)` is empty")
            return nil
        }
        if text.contains("\0") {
            report(node.place, "`\(what)` contains a NUL character")
            return nil
        }
        if text.utf8.count > Self.maximumTextBytes {
            report(node.place, "`\(what)` is longer than \(Self.maximumTextBytes) bytes")
            return nil
        }
        return text
    }

    mutating func boolean(_ node: DocumentNode?, _ what: String, default fallback: Bool) -> Bool {
        guard let node else { return fallback }
        if case .scalar(let text, plain: true) = node.content, case .boolean(let value) = PlainScalar(text) {
            return value
        }
        report(node.place, "`\(what)` must be true or false, and is \(node.kind)")
        return fallback
    }

    /// A whole number within `range`, written without quotes.
    mutating func integer(_ node: DocumentNode?, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let node else { return nil }
        if case .scalar(let text, plain: true) = node.content, let value = Int(text), range.contains(value) {
            return value
        }
        let wanted =
            range.count == 1 ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        report(node.place, "`\(what)` must be \(wanted)")
        return nil
    }

    /// A case of a closed set, by its raw value.
    mutating func oneOf<Value>(_ node: DocumentNode?, _ what: String, _ type: Value.Type) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = list(Value.allCases.map(\.rawValue))
        report(node.place, "`\(what)` is \(CanonicalText.quote(text)), and must be one of \(known)")
        return nil
    }

    private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    private func quoteHint(_ node: DocumentNode) -> String {
        if case .scalar(let text, _) = node.content, !text.isEmpty { return "; quote it when \(text) is meant as text" }
        return ""
    }
}
