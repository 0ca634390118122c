/// An effective policy: what one run may see, call and consume, after inheritance. Pure data; the sandbox compiles it to a
/// plan. Paths are absolute.
package struct Policy: Sendable, Codable, Hashable {
    package var name: String
    package var why: String
    package var minimumLevel: IsolationLevel
    /// Protections that may be absent on the host; every absence shows in every result.
    package var allowDegraded: [Protection]
    package var limits: Limits
    package var mounts: [Mount]
    package var symlinks: [Symlink]
    /// Small files made for the sandbox, such as /etc/passwd.
    package var files: [TextFile]
    /// The complete environment of the payload; nothing of the caller's is inherited.
    package var environment: [String: String]
    /// Caller's variables that may pass through when set (`orket run` only).
    package var passEnvironment: [String]
    package var network: Network
    package var syscalls: SyscallRules

    /// Read-only bind of a host path unless `writable`.
    package struct Mount: Sendable, Codable, Hashable {
        package var source: String
        package var target: String
        package var writable: Bool
        /// The mount is skipped when the source does not exist on this host.
        package var optional: Bool
        package var executable: Bool
        package var why: String

        package init(
            source: String, target: String, writable: Bool = false, optional: Bool = false, executable: Bool = true,
            why: String
        ) {
            self.source = source
            self.target = target
            self.writable = writable
            self.optional = optional
            self.executable = executable
            self.why = why
        }
    }

    /// A symbolic link of the sandbox's root; its text is resolved inside only.
    package struct Symlink: Sendable, Codable, Hashable {
        package var path: String
        package var target: String

        package init(path: String, target: String) {
            self.path = path
            self.target = target
        }
    }

    /// A small read-only file that exists nowhere on the host.
    package struct TextFile: Sendable, Codable, Hashable {
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// `none`: an empty network namespace, loopback down. `loopback`: the same with `lo` up.
    package enum Network: String, Sendable, Codable, CaseIterable { case none, loopback }

    package init(name: String, why: String) {
        self.name = name
        self.why = why
        minimumLevel = .namespaces
        allowDegraded = []
        limits = Limits()
        mounts = []
        symlinks = []
        files = []
        environment = [:]
        passEnvironment = []
        network = .none
        syscalls = SyscallRules()
    }
}
