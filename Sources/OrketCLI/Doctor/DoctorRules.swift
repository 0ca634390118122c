import OrketCore
import OrketSystem

/// Facts in, checks out: what each fact means for the sandbox and how to repair it. Pure; one group of rules a file.
enum DoctorRules {
    /// Older kernels lack cgroup.kill and count processes per user instead of per user and namespace.
    private static let floor = (major: 5, minor: 14)

    /// A command that only root may run, as this user would type it.
    static func asRoot(_ command: String, _ facts: DoctorFacts) -> String {
        facts.features.userID == 0 ? command : "sudo " + command
    }

    /// The kernel itself: release, calls, filters, Landlock.
    static func kernel(_ facts: DoctorFacts) -> [HostCheck] {
        [release(facts), machine(facts)] + KernelCall.allCases.map { call($0, facts) }
            + [seccompActions(facts), surroundingFilter(facts), landlock(facts), yama(facts)]
    }

    private static func release(_ facts: DoctorFacts) -> HostCheck {
        let id = "kernel.release"
        let wanted = "Linux \(floor.major).\(floor.minor)"
        guard let release = facts.features.release else {
            return HostCheck(id, .skipped, "/proc/sys/kernel/osrelease holds no version")
        }
        if release.isAtLeast(floor.major, floor.minor) { return HostCheck(id, .pass, "\(release), at least \(wanted)") }
        return HostCheck(
            id, .fail, "\(release) is older than \(wanted)", repair: "boot a kernel of \(wanted) or newer",
            gates: .namespaces)
    }

    private static func machine(_ facts: DoctorFacts) -> HostCheck {
        let id = "kernel.machine"
        if facts.features.machine == "x86_64" { return HostCheck(id, .pass, "x86_64") }
        return HostCheck(id, .caution, "\(facts.features.machine): the hostile corpus has only been run on x86_64")
    }

    private static func call(_ call: KernelCall, _ facts: DoctorFacts) -> HostCheck {
        let id = "call.\(call.rawValue)"
        guard let reason = facts.features.obstacles[call] else {
            return HostCheck(id, .pass, "usable (Linux \(call.since))")
        }
        let isSwitchedOff = !facts.features.isPrivileged && facts.features.namespaces.unprivilegedClone == false
        if call == .unshareUser, isSwitchedOff {
            return HostCheck(id, .skipped, "switched off for ordinary users: see namespaces.user")
        }
        let level: IsolationLevel = call == .seccompKillProcess ? .filters : .namespaces
        // A kernel above the floor has them all: then what refuses is the container around us.
        let hasKernel = facts.features.release.map { $0.isAtLeast(floor.major, floor.minor) } ?? false
        return HostCheck(
            id, .fail, "refused: \(reason)",
            repair: hasKernel
                ? "run outside this container, or start it with --security-opt seccomp=unconfined"
                : "boot Linux \(call.since) or newer",
            gates: level)
    }

    private static func seccompActions(_ facts: DoctorFacts) -> HostCheck {
        let id = "seccomp.actions"
        guard let actions = facts.features.seccompActions else {
            return HostCheck(id, .skipped, "/proc/sys/kernel/seccomp/actions_avail cannot be read")
        }
        let missing = ["kill_process", "errno", "allow"].filter { !actions.contains($0) }
        if missing.isEmpty { return HostCheck(id, .pass, "allow, errno, kill_process") }
        return HostCheck(
            id, .fail, "the kernel lacks: \(missing.joined(separator: ", "))",
            repair: "boot a kernel with CONFIG_SECCOMP_FILTER", gates: .filters)
    }

    private static func surroundingFilter(_ facts: DoctorFacts) -> HostCheck {
        let id = "seccomp.outside"
        if !facts.features.isFiltered { return HostCheck(id, .pass, "no filter around this process") }
        return HostCheck(
            id, .caution, "this process already runs under a filter, as in a container: calls may fail that look usable"
        )
    }

    private static func landlock(_ facts: DoctorFacts) -> HostCheck {
        let id = "landlock"
        switch facts.features.landlock {
        case .abi(let version):
            var missing: [String] = []
            if version < 4 { missing.append("TCP rules (ABI 4)") }
            if version < 5 { missing.append("device ioctls (ABI 5)") }
            if version < 6 { missing.append("signal and socket scopes (ABI 6)") }
            let rest = missing.isEmpty ? "" : "; without \(missing.joined(separator: ", "))"
            return HostCheck(id, .pass, "ABI \(version)\(rest)")
        case .absent(let reason):
            return HostCheck(
                id, .caution, "\(reason): namespaces and the filter stand alone",
                repair: "add landlock to the kernel's lsm= boot parameter (CONFIG_SECURITY_LANDLOCK)")
        }
    }

    private static func yama(_ facts: DoctorFacts) -> HostCheck {
        let id = "yama.ptrace_scope"
        guard let scope = facts.features.yamaScope else {
            return HostCheck(id, .skipped, "this kernel has no Yama; the sandbox does not rely on it")
        }
        return HostCheck(id, .pass, "\(scope); the sandbox does not rely on it")
    }
}
