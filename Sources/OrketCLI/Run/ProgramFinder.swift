import Glibc
package import OrketCore

/// Where the program will be found in a sandbox that does not exist yet: follows the policy's mounts and links, and the
/// host's links beneath them as the sandbox will see them.
package struct ProgramFinder {
    private let policy: Policy
    private let searchPath: String

    /// `searchPath` is the program's own PATH.
    package init(policy: Policy, searchPath: String) {
        self.policy = policy
        self.searchPath = searchPath
    }

    /// nil when the program is there, or when only the run can tell; else what is wrong and what to do.
    package func problem(with program: String) -> String? {
        let quoted = CanonicalText.quote(program)
        if program.isEmpty { return "the name of the program is empty" }
        if !program.hasPrefix("/"), program.contains("/") {
            return "\(quoted) counts from /box, which is empty at first; \(Self.bindHint(program))"
        }
        if program.hasPrefix("/") {
            switch look(program) {
            case .program, .unknown: return nil
            case .missing: return "\(quoted) is not in the sandbox; \(Self.bindHint(program))"
            case .directory: return "\(quoted) is a directory; name a program"
            case .notExecutable: return "\(quoted) may not be executed; set its execute permission (chmod +x)"
            }
        }
        let directories = searchPath.split(separator: ":").map(String.init)
        let places = directories.map { look("\($0)/\(program)") }
        if places.contains(.program) || places.contains(.unknown) { return nil }
        if let index = places.firstIndex(of: .notExecutable) {
            return "\(directories[index])/\(program) may not be executed; set its execute permission (chmod +x)"
        }
        let list = directories.isEmpty ? "PATH is empty" : "PATH is \(directories.joined(separator: ":"))"
        return
            "there is no program \(quoted) in the sandbox (\(list)); install it on this host, or \(Self.bindHint(program))"
    }

    private static func bindHint(_ program: String) -> String {
        let name = String(program.split(separator: "/").last ?? "program")
        return "show it with --bind and run it there: --bind FILE:/opt/\(name) -- /opt/\(name)"
    }

    // MARK: - The file tree

    private enum Place: Equatable { case program, directory, notExecutable, missing, unknown }

    private enum Node {
        /// A file or directory of the host.
        case host(String)
        case link(String)
        /// A directory that leads to mounts.
        case directory
        /// Made by the sandbox, so only the run can tell.
        case made
        case missing
    }

    private static let maximumLinks = 40

    private func look(_ path: String) -> Place {
        var waiting = path.split(separator: "/").map(String.init)
        var at = ""
        var links = 0
        var node = Node.directory
        while !waiting.isEmpty {
            let name = waiting.removeFirst()
            if name == "." { continue }
            if name == ".." {
                at = String(at[..<(at.lastIndex(of: "/") ?? at.startIndex)])
                node = .directory
                continue
            }
            node = self.node("\(at)/\(name)")
            switch node {
            case .missing: return .missing
            case .made: return .unknown
            case .link(let target):
                links += 1
                if links > Self.maximumLinks { return .missing }
                if target.hasPrefix("/") { at = "" }
                waiting = target.split(separator: "/").map(String.init) + waiting
            case .host, .directory: at += "/\(name)"
            }
        }
        guard case .host(let file) = node else { return .directory }
        var status = stat()
        guard stat(file, &status) == 0 else { return .missing }
        if status.st_mode & S_IFMT == S_IFDIR { return .directory }
        return status.st_mode & 0o111 == 0 ? .notExecutable : .program
    }

    private func node(_ path: String) -> Node {
        if let link = policy.symlinks.first(where: { $0.path == path }) { return .link(link.target) }
        if policy.files.contains(where: { $0.path == path }) { return .made }
        let mounts = policy.mounts.filter { PathRules.contains($0.target, path) }
        if let mount = mounts.max(by: { $0.target.utf8.count < $1.target.utf8.count }) {
            return hostNode(mount.source + path.dropFirst(mount.target.utf8.count))
        }
        if ["/box", "/tmp", "/dev", "/proc"].contains(where: { PathRules.contains($0, path) }) { return .made }
        let targets = policy.mounts.map(\.target) + policy.symlinks.map(\.path) + policy.files.map(\.path)
        return targets.contains { PathRules.contains(path, $0) } ? .directory : .missing
    }

    private func hostNode(_ path: String) -> Node {
        var status = stat()
        guard lstat(path, &status) == 0 else { return errno == EACCES ? .made : .missing }
        guard status.st_mode & S_IFMT == S_IFLNK else { return .host(path) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
        return count > 0 ? .link(String(decoding: buffer[..<count], as: UTF8.self)) : .missing
    }
}
