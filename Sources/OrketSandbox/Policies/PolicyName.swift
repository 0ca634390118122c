/// Names of policies: `default`, `toolchains/cpp-compile`. A name is the path of its file in the policies directory without
/// `.yaml`.
package enum PolicyName {
    /// At most two components deep, as the directory is.
    package static func isValid(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count) && parts.allSatisfy { isComponent(String($0)) }
    }

    /// Lower-case letters, digits, and single dashes between them.
    static func isComponent(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        return text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
        }
    }

    /// A command line's or `extends` text that means a file rather than a name.
    static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
            || [".yaml", ".yml", ".json"].contains { text.hasSuffix($0) }
    }
}
