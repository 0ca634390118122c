import OrketCore
import OrketSystem

extension DoctorRules {
    /// Which namespaces exist, and whether this user may make a user namespace.
    static func namespaces(_ facts: DoctorFacts) -> [HostCheck] {
        [kinds(facts), userNamespace(facts), namespaceLimits(facts), chroot(facts)]
    }

    private static func kinds(_ facts: DoctorFacts) -> HostCheck {
        let id = "namespaces.kinds"
        let missing = NamespaceFacts.required.filter { !facts.features.namespaces.kinds.contains($0) }
        if missing.isEmpty { return HostCheck(id, .pass, NamespaceFacts.required.joined(separator: " ")) }
        return HostCheck(
            id, .fail, "not in /proc/self/ns: \(missing.joined(separator: " "))",
            repair: "boot a kernel with " + missing.map(kernelOption).joined(separator: ", "), gates: .namespaces)
    }

    private static func kernelOption(_ kind: String) -> String {
        switch kind {
        case "cgroup": "CONFIG_CGROUPS"
        case "mnt": "CONFIG_NAMESPACES"
        default: "CONFIG_\(kind.uppercased())_NS"
        }
    }

    private static func userNamespace(_ facts: DoctorFacts) -> HostCheck {
        let id = "namespaces.user"
        let namespaces = facts.features.namespaces
        // A success outweighs every switch; a failure is reported among the tries.
        if facts.tries["user_namespace"] == "ok" { return HostCheck(id, .pass, "made one") }
        let isPrivileged = facts.features.isPrivileged
        if !isPrivileged, namespaces.unprivilegedClone == false {
            return HostCheck(
                id, .fail, "kernel.unprivileged_userns_clone is 0: only root may make one",
                repair: asRoot("sysctl -w kernel.unprivileged_userns_clone=1", facts), gates: .namespaces)
        }
        if !isPrivileged, namespaces.appArmorRestricts == true {
            return HostCheck(
                id, .fail, "kernel.apparmor_restrict_unprivileged_userns is 1: one without capabilities is useless",
                repair: asRoot("sysctl -w kernel.apparmor_restrict_unprivileged_userns=0", facts), gates: .namespaces)
        }
        return HostCheck(id, .pass, isPrivileged ? "allowed, with CAP_SYS_ADMIN" : "allowed for ordinary users")
    }

    private static func namespaceLimits(_ facts: DoctorFacts) -> HostCheck {
        let id = "namespaces.limits"
        let limits = facts.features.namespaces.limits
        let none = NamespaceFacts.required.filter { limits[$0] == 0 }
        if !none.isEmpty {
            let settings = none.map { "user.max_\($0)_namespaces=16384" }.joined(separator: " ")
            return HostCheck(
                id, .fail, none.map { "user.max_\($0)_namespaces is 0" }.joined(separator: ", "),
                repair: asRoot("sysctl -w \(settings)", facts), gates: .namespaces)
        }
        guard let lowest = limits.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
            return HostCheck(id, .skipped, "/proc/sys/user cannot be read")
        }
        if lowest.value >= 256 { return HostCheck(id, .pass, "at least \(lowest.value) of each kind") }
        return HostCheck(
            id, .caution,
            "user.max_\(lowest.key)_namespaces is \(lowest.value): that many sandboxes at once and no more",
            repair: asRoot("sysctl -w user.max_\(lowest.key)_namespaces=16384", facts))
    }

    private static func chroot(_ facts: DoctorFacts) -> HostCheck {
        let id = "namespaces.chroot"
        if !facts.features.namespaces.isChrooted { return HostCheck(id, .pass, "not in a chroot") }
        return HostCheck(
            id, .fail, "this process is in a chroot, where the kernel refuses every user namespace",
            repair: "enter the tree by systemd-nspawn or bwrap instead, which make it the real root", gates: .namespaces
        )
    }

    /// /proc: the sandbox mounts its own, and the supervisor reads the host's.
    static func proc(_ facts: DoctorFacts) -> [HostCheck] {
        let proc = facts.features.proc
        let isPrivileged = facts.features.isPrivileged
        var checks: [HostCheck] = []
        if !proc.isMounted || proc.showsOnlyProcesses {
            checks.append(
                HostCheck(
                    "proc.mounted", .fail, proc.isMounted ? "mounted with subset=pid" : "no procfs at /proc",
                    repair: asRoot("mount -t proc proc /proc", facts), gates: .namespaces))
        } else {
            checks.append(HostCheck("proc.mounted", .pass, "/proc"))
        }
        if proc.coveredPaths.isEmpty {
            checks.append(HostCheck("proc.visible", .pass, "nothing in /proc is covered"))
        } else {
            let some = proc.coveredPaths.prefix(3).joined(separator: " ")
            let container = "start the container with --security-opt systempaths=unconfined"
            checks.append(
                isPrivileged
                    ? HostCheck(
                        "proc.visible", .caution, "\(proc.coveredPaths.count) mounts cover parts of /proc: \(some)",
                        repair: container)
                    : HostCheck(
                        "proc.visible", .fail,
                        "\(proc.coveredPaths.count) mounts cover parts of /proc (\(some)): it cannot be mounted anew",
                        repair: container, gates: .namespaces))
        }
        if let value = proc.hidepid, !isPrivileged {
            checks.append(
                HostCheck(
                    "proc.hidepid", .fail, "hidepid=\(value): a sandbox's processes cannot be read back",
                    repair: asRoot("mount -o remount,hidepid=0 /proc", facts), gates: .namespaces))
        } else {
            let detail = proc.hidepid.map { "hidepid=\($0) does not concern this user" } ?? "off"
            checks.append(HostCheck("proc.hidepid", .pass, detail))
        }
        return checks
    }
}
