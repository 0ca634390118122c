import OrketCore

extension DoctorRules {
    /// The jail, and the languages. A language that is missing holds up only fixtures of that language.
    static func programs(_ facts: DoctorFacts) -> [HostCheck] {
        [jail(facts)] + Toolchain.all.map { toolchain($0, facts) }
    }

    private static func jail(_ facts: DoctorFacts) -> HostCheck {
        let id = "program.orket-jail"
        guard let jail = facts.jail else { return HostCheck(id, .skipped, "cannot tell where this program lies") }
        if jail.isExecutable { return HostCheck(id, .pass, jail.path) }
        return HostCheck(
            id, .fail, "\(jail.path) is missing or cannot be started",
            repair: "install orket-jail into the same directory as orket", gates: .limits)
    }

    private static func toolchain(_ tool: Toolchain, _ facts: DoctorFacts) -> HostCheck {
        let id = "toolchain.\(tool.name)"
        if let path = facts.programs[tool.name] { return HostCheck(id, .pass, path) }
        let places = tool.directories.joined(separator: " or ")
        return HostCheck(
            id, .caution, "no \(tool.programs[0]) in \(places), where a sandbox could see it",
            repair: tool.packages.isEmpty
                ? "unpack a toolchain from swift.org into /opt/swift"
                : asRoot("apt-get install -y \(tool.packages)", facts))
    }

    /// What building a sandbox for real showed. This outweighs everything that files say.
    static func tries(_ facts: DoctorFacts) -> [HostCheck] {
        if facts.tries.isEmpty {
            return [HostCheck("sandbox.tried", .skipped, "no sandbox was built: the level is what the files promise")]
        }
        let failed = facts.tries.filter { $0.value != "ok" }.sorted { $0.key < $1.key }
        if failed.isEmpty {
            return [HostCheck("sandbox.tried", .pass, "built one and read back \(facts.tries.count) protections")]
        }
        return failed.map { name, reason in
            let gate = gate(Protection(rawValue: name))
            return HostCheck(
                "sandbox.tried.\(name)", gate < .cgroups ? .fail : .caution, "a real sandbox lacked it: \(reason)",
                gates: gate)
        }
    }

    /// The level that a protection belongs to; anything unknown counts as part of the sandbox itself.
    private static func gate(_ protection: Protection?) -> IsolationLevel {
        switch protection {
        case .rlimits, .session: .limits
        case .seccomp, .noNewPrivileges: .filters
        case .cgroupMemory, .cgroupPids, .cgroupCPU: .cgroups
        default: .namespaces
        }
    }
}
