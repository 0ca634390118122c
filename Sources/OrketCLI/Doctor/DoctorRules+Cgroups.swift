import OrketCore
import OrketSystem

extension DoctorRules {
    /// Where the memory, pids and cpu limits come from. Without them the level is 3, which is a caution.
    static func cgroups(_ facts: DoctorFacts) -> [HostCheck] {
        let cgroups = facts.features.cgroups
        guard cgroups.mode != .none else {
            return [
                HostCheck(
                    "cgroups.mode", .caution, "no cgroup file system is mounted: memory is bounded per process only",
                    repair: asRoot("mount -t cgroup2 none /sys/fs/cgroup", facts), gates: .cgroups)
            ]
        }
        var checks = [HostCheck("cgroups.mode", .pass, cgroups.mode.rawValue)]
        for controller in ["memory", "pids", "cpu"] { checks.append(self.controller(controller, facts)) }
        if cgroups.usesUnified { checks.append(neighbours(facts)) }
        checks.append(swap(facts))
        return checks
    }

    /// v1 works without a cpu controller; on v2 one set of controllers is handed down as a whole.
    private static func gate(_ controller: String, _ cgroups: CgroupFacts) -> IsolationLevel? {
        controller == "cpu" && !cgroups.usesUnified ? nil : .cgroups
    }

    private static func controller(_ name: String, _ facts: DoctorFacts) -> HostCheck {
        let cgroups = facts.features.cgroups
        let id = "cgroups.\(name)"
        let gate = gate(name, cgroups)
        guard let place = cgroups.places.first(where: { $0.controllers.contains(name) }) else {
            let repair = cgroups.mode == .v2 ? scope(facts) : "boot with cgroup_enable=\(name)"
            return HostCheck(
                id, .caution, "no \(name) controller reaches this process's cgroup", repair: repair, gates: gate)
        }
        guard let obstacle = place.obstacle else { return HostCheck(id, .pass, "writable at \(place.path)") }
        if place.isReadOnly {
            return HostCheck(
                id, .caution, "\(place.path) is mounted read-only",
                repair: "start the container with --cgroupns=private and /sys/fs/cgroup writable"
                    + " (-v /sys/fs/cgroup:/sys/fs/cgroup:rw)", gates: gate)
        }
        let repair = cgroups.usesUnified ? scope(facts) : delegateV1(facts)
        return HostCheck(id, .caution, obstacle, repair: repair, gates: gate)
    }

    private static func neighbours(_ facts: DoctorFacts) -> HostCheck {
        let id = "cgroups.alone"
        let count = facts.features.cgroups.neighbours
        if count == 0 { return HostCheck(id, .pass, "controllers can be handed down from here") }
        return HostCheck(
            id, .caution, "\(count) other processes live in this process's cgroup: it cannot hand controllers down",
            repair: scope(facts), gates: .cgroups)
    }

    private static func scope(_ facts: DoctorFacts) -> String {
        facts.features.userID == 0
            ? "systemd-run --scope -p Delegate=yes orket ..." : "systemd-run --user --scope -p Delegate=yes orket ..."
    }

    /// v1 has no delegation of its own: root makes the directories, gives them away, and moves the shell in.
    private static func delegateV1(_ facts: DoctorFacts) -> String {
        let user = facts.features.userID
        let places = facts.features.cgroups.places.map(\.path).joined(separator: " ")
        return "sudo sh -c 'for d in \(places); do mkdir -p $d/orket-\(user) && chown -R \(user) $d/orket-\(user)"
            + " && echo '$$' > $d/orket-\(user)/cgroup.procs; done'"
    }

    private static func swap(_ facts: DoctorFacts) -> HostCheck {
        let id = "cgroups.swap"
        let cgroups = facts.features.cgroups
        switch (cgroups.countsSwap, cgroups.hasSwap) {
        case (true, _): return HostCheck(id, .pass, "swap is bounded with memory")
        case (_, false): return HostCheck(id, .pass, "no swap in use on this host")
        case (nil, true):
            return HostCheck(id, .skipped, "swap in use; whether it is counted shows only below the root cgroup")
        case (false, true):
            return HostCheck(
                id, .caution, "swap is in use and not counted: a memory limit would leave it free",
                repair: asRoot("swapoff -a", facts) + " (or boot with swapaccount=1)", gates: .cgroups)
        }
    }
}
