extension JSONValue {
    /// The same document with the members of every object in the order of their names' bytes: two values that differ only
    /// in the order in which they were put together become equal, and so do their texts.
    package var canonical: JSONValue {
        switch self {
        case .object(let members):
            let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            return .object(sorted.map { Member($0.name, $0.value.canonical) })
        case .array(let elements): return .array(elements.map(\.canonical))
        default: return self
        }
    }
}
