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
            let detail = "built one for real; the kernel shows \(facts.tries.count) protections in force"
            return [HostCheck("sandbox.tried", .pass, detail)]
        }
        // One cause shows in several protections: a line for each cause, under the name of the first.
        var causes: [(reason: String, names: [String])] = []
        for (name, reason) in failed {
            if let known = causes.firstIndex(where: { $0.reason == reason }) {
                causes[known].names.append(name)
            } else {
                causes.append((reason, [name]))
            }
        }
        return causes.map { reason, names in
            let gate = names.map { Self.gate(Protection(rawValue: $0)) }.min() ?? IsolationLevel.namespaces
            let isCgroup = gate == .cgroups
            return HostCheck(
                "sandbox.tried.\(names[0])", isCgroup ? .caution : .fail,
                "a real sandbox lacked \(names.joined(separator: ", ")): \(reason)",
                repair: isCgroup
                    ? cgroups(facts).lazy.compactMap(\.repair).first
                    : "repair what failed above; when nothing did, `orket run -- true` names the step", gates: gate)
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
