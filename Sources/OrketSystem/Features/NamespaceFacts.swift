/// What decides whether this user may make namespaces, without making one.
package struct NamespaceFacts: Sendable, Hashable {
    /// Names in /proc/self/ns.
    package var kinds: Set<String>
    /// /proc/sys/user/max_KIND_namespaces by kind (`user`, `pid`, ...): how many a user may have.
    package var limits: [String: Int]
    /// kernel.unprivileged_userns_clone (Debian, older Ubuntu); nil where the kernel has no such switch.
    package var unprivilegedClone: Bool?
    /// kernel.apparmor_restrict_unprivileged_userns (Ubuntu since 23.10); nil where the kernel has no such switch.
    package var appArmorRestricts: Bool?
    /// In a chroot the kernel refuses every user namespace, also root's.
    package var isChrooted: Bool

    /// The kinds that a sandbox has, as /proc names them.
    package static let required = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"]

    package init(
        kinds: Set<String>, limits: [String: Int] = [:], unprivilegedClone: Bool? = nil, appArmorRestricts: Bool? = nil,
        isChrooted: Bool = false
    ) {
        self.kinds = kinds
        self.limits = limits
        self.unprivilegedClone = unprivilegedClone
        self.appArmorRestricts = appArmorRestricts
        self.isChrooted = isChrooted
    }

    /// Reads the files of this host.
    package static func probe(_ table: MountTable) -> NamespaceFacts {
        var limits: [String: Int] = [:]
        for kind in required {
            limits[kind] = ControlFile.number("/proc/sys/user/max_\(kind)_namespaces")
        }
        return NamespaceFacts(
            kinds: Set((try? Files.names(in: "/proc/self/ns")) ?? []), limits: limits,
            unprivilegedClone: ControlFile.number("/proc/sys/kernel/unprivileged_userns_clone").map { $0 != 0 },
            appArmorRestricts: ControlFile.number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").map {
                $0 != 0
            },
            isChrooted: isChrooted(table))
    }

    /// True when the root is no mount point, or not the root of pid 1 in the same mount namespace. An ordinary user may
    /// not look at the latter, so a chroot to a mount point stays unseen.
    private static func isChrooted(_ table: MountTable) -> Bool {
        guard !table.mounts.isEmpty else { return false }
        if table.visible(at: "/") == nil { return true }
        guard let ours = Files.readLink("/proc/self/ns/mnt"), ours == Files.readLink("/proc/1/ns/mnt"),
            let first = place("/proc/1/root/"), let own = place("/")
        else { return false }
        return first != own
    }

    /// Mount and inode of a directory. Device and inode alone would take a bind mount for what it shows.
    private static func place(_ path: String) -> [String?]? {
        guard let directory = try? Files.open(path, directoryOnly: true),
            let info = try? Files.text("/proc/self/fdinfo/\(directory.raw)")
        else { return nil }
        return [ControlFile.field("mnt_id", in: info), ControlFile.field("ino", in: info)]
    }
}
