/// What a path in a policy or on a command line may look like. Pure text rules: nothing is looked up on the host.
package enum PathRules {
    /// Defect of an absolute path, or nil. `..` is refused rather than resolved, since resolving text and resolving on disk
    /// differ as soon as a link is involved.
    package static func defect(ofAbsolute path: String) -> String? {
        if path.isEmpty { return "the path is empty" }
        if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            return "\(CanonicalText.quote(path)) contains a control character"
        }
        guard path.hasPrefix("/") else { return "\(CanonicalText.quote(path)) is not absolute" }
        if path == "/" { return nil }
        if path.utf8.count > 4_095 { return "the path is longer than 4095 bytes" }
        for component in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            switch component {
            case "": return "\(CanonicalText.quote(path)) has an empty component"
            case ".", "..": return "\(CanonicalText.quote(path)) has a component `\(component)`"
            case _ where component.utf8.count > 255: return "a component of the path is longer than 255 bytes"
            default: break
            }
        }
        return nil
    }

    /// Defect of a path that a rule wants to make in the sandbox, or nil.
    package static func defect(ofTarget path: String) -> String? {
        if let defect = defect(ofAbsolute: path) { return defect }
        if path == "/" { return "\"/\" is the sandbox's own root; name a path in it" }
        guard let owner = madeBySandbox.first(where: { contains($0, path) }) else { return nil }
        return "\(CanonicalText.quote(path)) lies in \(owner), which the sandbox makes itself"
    }

    /// Defect of a host path that a rule wants to show in the sandbox, or nil.
    package static func defect(ofSource path: String) -> String? {
        if let defect = defect(ofAbsolute: path) { return defect }
        if path == "/" { return "the whole host root is refused; name the directories that are needed" }
        // A bind of these would undo the masked /proc, the minimal /dev and the absent /sys.
        guard let owner = ["/proc", "/sys", "/dev"].first(where: { contains($0, path) }) else { return nil }
        return "\(CanonicalText.quote(path)) lies in the host's \(owner), which is never shown"
    }

    /// True when `path` is `directory` or lies beneath it. Both are absolute and clean.
    package static func contains(_ directory: String, _ path: String) -> Bool {
        path == directory || path.hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    private static let madeBySandbox = ["/box", "/tmp", "/dev", "/proc", "/sys"]
}
