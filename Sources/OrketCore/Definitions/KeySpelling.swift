/// How one member is spelled in files.
package struct KeySpelling: Sendable {
    /// The spelling that is written.
    package let name: String
    /// Others that are read as well.
    package let aliases: [String]
}

extension FieldKey {
    /// All members of this kind of object.
    package static var spellings: [KeySpelling] {
        allCases.map { KeySpelling(name: $0.rawValue, aliases: $0.aliases) }
    }
}
