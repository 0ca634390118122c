/// Reads what people write about their organisation and its cards. Each defect becomes a finding with its place and reading
/// goes on, so that all of them are told at once; a value that is returned in spite of a finding is a stand-in.
package struct DefinitionReader {
    package var findings: [Finding] = []
    /// Names of other things that were met, to be looked up once everything is read.
    package var references: [DefinitionReference] = []

    /// Every card that was met, at the place of its id.
    package var declarations: [(card: CardID, place: Place)] = []

    /// Most bytes of one text.
    package static let maximumTextBytes = 64 << 10
    /// Most entries of one list.
    package static let maximumEntries = 10_000

    /// A reader that has found nothing yet.
    package init() {}

    /// The members of one mapping, by the spelling that is written.
    package struct Members {
        package let place: Place
        fileprivate let entries: [String: DocumentEntry]

        package subscript(key: some FieldKey) -> DocumentNode? { entries[key.rawValue]?.value }
        package subscript(name: String) -> DocumentNode? { entries[name]?.value }

        /// Of the key, else of the mapping.
        package func place(_ key: some FieldKey) -> Place { entries[key.rawValue]?.place ?? place }
    }

    /// Adds a defect.
    package mutating func report(_ place: Place, _ message: String) { findings.append(place.finding(message)) }

    /// The members of a mapping that may have `keys` and nothing else, each in one spelling. Nil when it is no mapping.
    package mutating func members(_ node: DocumentNode, _ what: String, _ keys: [KeySpelling]) -> Members? {
        guard case .mapping(let entries) = node.content else {
            report(node.place, "\(what) must be a mapping, and is \(node.kind)")
            return nil
        }
        var found: [String: DocumentEntry] = [:]
        for entry in entries {
            guard let key = keys.first(where: { $0.name == entry.key || $0.aliases.contains(entry.key) }) else {
                let known = keys.map(\.name).joined(separator: ", ")
                report(entry.place, "unknown key \(CanonicalText.quote(entry.key)) in \(what); known: \(known)")
                continue
            }
            if let other = found[key.name] {
                report(entry.place, "`\(entry.key)` is `\(other.key)` once more (line \(other.place.line))")
                continue
            }
            found[key.name] = entry
        }
        return Members(place: node.place, entries: found)
    }

    /// The member; a finding when it is missing.
    package mutating func required(_ members: Members, _ key: some FieldKey, _ what: String) -> DocumentNode? {
        if let node = members[key] { return node }
        report(members.place, "\(what) has no `\(key.rawValue)`")
        return nil
    }

    /// True for a member that is written without a value, which stands for its absence.
    private func isNothing(_ node: DocumentNode) -> Bool {
        if case .scalar(let text, plain: true) = node.content { return PlainScalar(text) == .null }
        return false
    }

    /// Text that is not blank and has no NUL; nil when it is absent.
    package mutating func text(_ node: DocumentNode?, _ what: String, mayBeEmpty: Bool = false) -> String? {
        guard let node, !isNothing(node) else { return nil }
        guard case .scalar(let text, let plain) = node.content, !plain || PlainScalar(text) == .text else {
            report(node.place, "`\(what)` must be text, and is \(node.kind)\(Self.hint(node))")
            return nil
        }
        if !mayBeEmpty, text.allSatisfy(\.isWhitespace) {
            report(node.place, "`\(what)` is empty")
        } else if text.contains("\0") {
            report(node.place, "`\(what)` contains a NUL character")
        } else if text.utf8.count > Self.maximumTextBytes {
            report(node.place, "`\(what)` is longer than \(Self.maximumTextBytes) bytes")
        } else {
            return text
        }
        return nil
    }

    private static func hint(_ node: DocumentNode) -> String {
        guard case .scalar(let text, plain: true) = node.content else { return "" }
        return "; quote it when \(text) is meant as text"
    }

    /// A name of something; nil when it is absent or not of the form of names.
    package mutating func name<Subject>(
        _ node: DocumentNode?, _ what: String, _ type: Identifier<Subject>.Type
    ) -> Identifier<Subject>? {
        guard let node, let text = text(node, what) else { return nil }
        if let name = Identifier<Subject>(text) { return name }
        let most = Identifier<Subject>.maximumBytes
        report(
            node.place,
            "`\(what)` is \(CanonicalText.quote(text)); a name has 1 to \(most) letters, digits, '-', '_' and '.', "
                + "and begins with a letter or digit")
        return nil
    }

    /// `true` or `false` without quotes.
    package mutating func flag(_ node: DocumentNode?, _ what: String) -> Bool? {
        guard let node else { return nil }
        if case .scalar(let text, plain: true) = node.content, case .boolean(let value) = PlainScalar(text) {
            return value
        }
        report(node.place, "`\(what)` must be true or false, and is \(node.kind)")
        return nil
    }

    /// A whole number without quotes.
    package mutating func integer(_ node: DocumentNode?, _ what: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let node else { return nil }
        if case .scalar(let text, plain: true) = node.content, let value = Int64(text), range.contains(value) {
            return value
        }
        let wanted =
            range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        report(node.place, "`\(what)` must be \(wanted)")
        return nil
    }

    /// A number without quotes.
    package mutating func number(_ node: DocumentNode?, _ what: String, in range: ClosedRange<Double>) -> Double? {
        guard let node else { return nil }
        if case .scalar(let text, plain: true) = node.content, PlainScalar(text) == .number, let value = Double(text),
            range.contains(value)
        {
            return value
        }
        report(node.place, "`\(what)` must be a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// One of a closed set of words.
    package mutating func word<Value: RawRepresentable<String> & CaseIterable>(
        _ node: DocumentNode?, _ what: String, _ type: Value.Type
    ) -> Value? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        report(node.place, "`\(what)` is \(CanonicalText.quote(text)), and must be one of \(known)")
        return nil
    }

    /// The entries of a list; none when it is absent.
    package mutating func list(_ node: DocumentNode?, _ what: String) -> [DocumentNode] {
        guard let node, !isNothing(node) else { return [] }
        guard case .sequence(let nodes) = node.content else {
            report(node.place, "`\(what)` must be a list, and is \(node.kind)")
            return []
        }
        if nodes.count <= Self.maximumEntries { return nodes }
        report(node.place, "`\(what)` has more than \(Self.maximumEntries) entries")
        return []
    }

    /// A list of texts; none when it is absent.
    package mutating func texts(_ node: DocumentNode?, _ what: String) -> [String] {
        list(node, what).compactMap { text($0, what) }
    }

    /// A mapping from words to `value`, in the order of the file.
    package mutating func pairs<Value>(
        _ node: DocumentNode?, _ what: String, _ value: (inout DefinitionReader, DocumentNode, String) -> Value?
    ) -> [(key: String, value: Value)] {
        guard let node, !isNothing(node) else { return [] }
        guard case .mapping(let entries) = node.content else {
            report(node.place, "`\(what)` must be a mapping, and is \(node.kind)")
            return []
        }
        return entries.compactMap { entry in
            value(&self, entry.value, "\(what).\(entry.key)").map { (entry.key, $0) }
        }
    }

    /// Any JSON object; an empty one when it is absent.
    package mutating func object(_ node: DocumentNode?, _ what: String) -> JSONValue {
        guard let node, !isNothing(node) else { return .object([]) }
        guard case .mapping = node.content else {
            report(node.place, "`\(what)` must be a mapping, and is \(node.kind)")
            return .object([])
        }
        return node.json(&findings) ?? .object([])
    }

    /// A span of time, milliseconds.
    package mutating func duration(
        _ node: DocumentNode?, _ what: String, in range: ClosedRange<Int64>
    ) -> Int64? {
        guard let node else { return nil }
        if let text = text(node, what), let value = DurationText.milliseconds(text), range.contains(value) {
            return value
        }
        let (least, most) = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
        report(node.place, "`\(what)` must be a span of time from \(least) to \(most), such as 90s or 2h")
        return nil
    }

    /// A moment in UTC.
    package mutating func moment(_ node: DocumentNode?, _ what: String) -> UTCTime? {
        guard let node, let text = text(node, what) else { return nil }
        if let time = UTCTime(text) { return time }
        report(node.place, "`\(what)` must be a moment in UTC such as 2026-01-31T12:00:00Z")
        return nil
    }
}
