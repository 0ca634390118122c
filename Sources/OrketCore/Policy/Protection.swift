/// One protection of the sandbox: what a policy may name in `allowDegraded`, what a result reports, and what a control
/// run turns off. The raw value is its name everywhere.
package enum Protection: String, Sendable, Codable, CaseIterable, Hashable {
    case userNamespace = "user_namespace"
    case pidNamespace = "pid_namespace"
    case mountNamespace = "mount_namespace"
    case networkNamespace = "network_namespace"
    case ipcNamespace = "ipc_namespace"
    case utsNamespace = "uts_namespace"
    case cgroupNamespace = "cgroup_namespace"
    /// The payload has an identity of its own: uid and gid that no one else on the host has.
    case identity
    /// Read-only, nosuid, nodev on every bind of the rootfs.
    case mountFlags = "mount_flags"
    /// Only null, zero, full, random, urandom under /dev.
    case minimalDev = "minimal_dev"
    /// /proc shows nothing but the sandbox's own processes (subset=pid), pid 1 hidden.
    case maskedProc = "masked_proc"
    /// Size and inode caps of the scratch tmpfs.
    case scratchQuota = "scratch_quota"
    case capabilities
    case noNewPrivileges = "no_new_privileges"
    case seccomp
    case landlock
    case rlimits
    case cgroupMemory = "cgroup_memory"
    case cgroupPids = "cgroup_pids"
    case cgroupCPU = "cgroup_cpu"
    /// Exactly descriptors 0, 1 and 2.
    case closedDescriptors = "closed_descriptors"
    /// Nothing of the caller's environment.
    case cleanEnvironment = "clean_environment"
    /// A session and process group of its own, no controlling terminal.
    case session
    case keyring
    /// Pid 1 can be neither traced nor read by the payload.
    case guardedInit = "guarded_init"

    /// Bit of this protection in the plan's mask: the position in `allCases`, kept equal to the jail's table by a test.
    package var bit: UInt32 { 1 << UInt32(Self.allCases.firstIndex(of: self)!) }

    package static let allMask: UInt32 = allCases.reduce(0) { $0 | $1.bit }
}

/// How far this host, as this user, can confine: reported, never assumed.
package enum IsolationLevel: Int, Sendable, Codable, Comparable {
    case none = 0
    /// Resource limits and a session of its own.
    case limits = 1
    /// And seccomp, and Landlock where the kernel has it.
    case filters = 2
    /// And namespaces with a private root.
    case namespaces = 3
    /// And a cgroup with memory, swap 0 and pids bounded.
    case cgroups = 4

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
