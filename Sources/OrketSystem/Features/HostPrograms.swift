internal import Glibc

/// Programs as a sandbox would find them.
package enum HostPrograms {
    /// True when the path leads to a program that this user may start. Links are followed.
    package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The first of the names that is executable in one of the directories; nil when none is.
    package static func find(_ names: [String], in directories: [String]) -> String? {
        for directory in directories {
            for name in names where isExecutable("\(directory)/\(name)") { return "\(directory)/\(name)" }
        }
        return nil
    }

    /// The directory of the running program itself, where its helpers lie.
    package static func ownDirectory() -> String? {
        guard let path = Files.readLink("/proc/self/exe"), let slash = path.lastIndex(of: "/") else { return nil }
        return String(path[..<slash])
    }
}
