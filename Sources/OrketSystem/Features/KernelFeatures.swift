internal import Glibc

/// What this host offers to this process, read from files and from calls that change nothing. Plain data: what follows
/// from it is decided elsewhere. Nothing here proves that a sandbox works; only a real one does.
package struct KernelFeatures: Sendable, Hashable {
    /// nil when the kernel's own text has no version number.
    package var release: KernelRelease?
    /// `x86_64`, as uname(2) says.
    package var machine: String
    package var userID: UInt32
    /// Effective capabilities as a bit mask.
    package var capabilities: UInt64
    /// False inside a user namespace of somebody, as in a rootless container: its root has no power over the host.
    package var isInitialUserNamespace: Bool
    /// A seccomp filter already holds this process, as in a container.
    package var isFiltered: Bool
    /// Why each kernel call cannot be used; a call that can is not in here.
    package var obstacles: [KernelCall: String]
    /// Names of /proc/sys/kernel/seccomp/actions_avail; nil when the file cannot be read.
    package var seccompActions: Set<String>?
    package var landlock: LandlockSupport
    package var namespaces: NamespaceFacts
    package var cgroups: CgroupFacts
    package var proc: ProcFacts
    /// kernel.yama.ptrace_scope; nil without Yama.
    package var yamaScope: Int?

    package init(
        release: KernelRelease?, machine: String, userID: UInt32, capabilities: UInt64,
        isInitialUserNamespace: Bool = true, isFiltered: Bool = false,
        obstacles: [KernelCall: String] = [:], seccompActions: Set<String>?, landlock: LandlockSupport,
        namespaces: NamespaceFacts, cgroups: CgroupFacts, proc: ProcFacts, yamaScope: Int? = nil
    ) {
        self.release = release
        self.machine = machine
        self.userID = userID
        self.capabilities = capabilities
        self.isInitialUserNamespace = isInitialUserNamespace
        self.isFiltered = isFiltered
        self.obstacles = obstacles
        self.seccompActions = seccompActions
        self.landlock = landlock
        self.namespaces = namespaces
        self.cgroups = cgroups
        self.proc = proc
        self.yamaScope = yamaScope
    }

    /// CAP_SYS_ADMIN over the host: the switches for ordinary users do not concern this one.
    package var isPrivileged: Bool { isInitialUserNamespace && capabilities & (1 << 21) != 0 }

    /// Asks this host, about 20 small reads. Makes and removes one empty cgroup where it may.
    package static func probe() -> KernelFeatures {
        let table = MountTable((try? Files.text("/proc/self/mountinfo")) ?? "")
        let status = (try? Files.text("/proc/self/status")) ?? ""
        var obstacles: [KernelCall: String] = [:]
        for call in KernelCall.allCases { obstacles[call] = call.obstacle() }
        return KernelFeatures(
            release: ControlFile.word("/proc/sys/kernel/osrelease").flatMap(KernelRelease.init), machine: machine(),
            userID: Process.userID,
            capabilities: ControlFile.field("CapEff", in: status).flatMap { UInt64($0, radix: 16) } ?? 0,
            isInitialUserNamespace: isWholeRange(ControlFile.word("/proc/self/uid_map") ?? ""),
            isFiltered: ControlFile.field("Seccomp", in: status) == "2", obstacles: obstacles,
            seccompActions: ControlFile.word("/proc/sys/kernel/seccomp/actions_avail").map {
                Set($0.split(separator: " ").map(String.init))
            },
            landlock: LandlockSupport.probe(), namespaces: NamespaceFacts.probe(table),
            cgroups: CgroupFacts.probe(table), proc: ProcFacts(table),
            yamaScope: ControlFile.number("/proc/sys/kernel/yama/ptrace_scope"))
    }

    /// The map of the first user namespace: every uid to itself.
    package static func isWholeRange(_ uidMap: String) -> Bool {
        uidMap.split(whereSeparator: { $0 == " " || $0 == "\n" }) == ["0", "0", "4294967295"]
    }

    private static func machine() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafePointer(to: &name.machine) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
    }
}
