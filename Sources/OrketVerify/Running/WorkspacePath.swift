import OrketCore

/// The names under which trusted input may lay files into a workspace.
package enum WorkspacePath {
    /// Why `path` may not name a file beneath the workspace, or nil when it may: relative, clean, printable, at most
    /// 1,024 bytes with components of at most 255.
    package static func problem(_ path: String) -> String? {
        if path.isEmpty { return "an empty path" }
        if path.utf8.count > 1_024 { return "a path longer than 1024 bytes" }
        if path.hasPrefix("/") { return "an absolute path" }
        if path.unicodeScalars.contains(where: \.isDeceptive) { return "a path with a control character" }
        for component in path.split(separator: "/", omittingEmptySubsequences: false) {
            switch component {
            case "": return "a path with an empty component"
            case ".", "..": return "a path with '\(component)'"
            default: if component.utf8.count > 255 { return "a path component longer than 255 bytes" }
            }
        }
        return nil
    }

    /// The names that clash: used twice, or used both as a file and as the directory of another.
    package static func clashes(_ paths: [String]) -> [String] {
        var seen: Set<String> = []
        var twice: [String] = []
        for path in paths where !seen.insert(path).inserted { twice.append(path) }
        let directories = paths.filter { path in paths.contains { $0.hasPrefix(path + "/") } }
        return twice + directories
    }
}
