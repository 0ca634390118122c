package import OrketCore

extension Supervisor {
    /// Builds a real sandbox with everything that this host offers and says of each protection `ok`, or why it cannot be
    /// had. A protection whose step fails is left out and the rest is tried again, so that all reasons are found at once.
    /// What only shows once a program runs (closed descriptors, clean environment) is proved by the self-test instead.
    package func probe(_ policy: Policy) async -> [Protection: String] {
        var policy = policy
        policy.minimumLevel = .none
        var found: [Protection: String] = [:]
        var without: Set<Protection> = []
        while true {
            let result: RunResult
            let plan: Plan
            do {
                plan = try shape(for: policy, without: without).plan
                result = try await run(RunRequest(argv: ["/usr/bin/true"]), policy: policy, without: without)
            } catch {
                found[.mountNamespace] = error.message
                return found
            }
            for protection in plan.degraded { found[protection] = reason(for: protection) }
            let read = result.isolation.mechanisms
            if !read.isEmpty {
                for protection in Protection.allCases where plan.has(protection) {
                    found[protection] = protection.readBack(read)
                }
                return found
            }
            let sentence = result.reasons.first?.detail ?? "the sandbox did not stand, for a reason that is not known"
            guard let failed = Protection.failing(sentence), without.insert(failed).inserted, failed != .mountNamespace
            else {
                found[.mountNamespace] = sentence
                return found
            }
            found[failed] = sentence
        }
    }

    private func reason(for protection: Protection) -> String {
        protection == .landlock ? "this kernel offers no Landlock" : host.cgroupReason
    }
}

extension Protection {
    /// The protection that a set-up step is for; nil for a step that all of them need.
    fileprivate static let ofStep: [String: Protection] = [
        "rootfs_seal": .mountFlags, "network_namespace": .networkNamespace, "network": .networkNamespace,
        "loopback": .networkNamespace, "guard_init": .guardedInit, "session": .session, "rlimits": .rlimits,
        "identity": .identity, "user_namespace": .userNamespace, "bounding_set": .capabilities,
        "capabilities": .capabilities, "no_new_privileges": .noNewPrivileges, "landlock": .landlock,
        "seccomp": .seccomp, "keyring": .keyring, "hostname": .utsNamespace,
    ]

    /// The protection whose step this reason of a failed set-up names: `step 18 landlock: ...`, or `keyring: ...`.
    fileprivate static func failing(_ sentence: String) -> Protection? {
        sentence.split(whereSeparator: { " :".contains($0) }).prefix(3).lazy.compactMap { ofStep[String($0)] }.first
    }

    /// `ok` when the kernel's own words show it in force, nil where the kernel has none for it.
    fileprivate func readBack(_ read: [String: String]) -> String? {
        func namespace(_ name: String) -> String {
            guard read["ns.\(name)"] != nil else { return "its \(name) namespace cannot be read back" }
            return read["ns.\(name).shared"] == nil ? "ok" : "it shares the host's \(name) namespace"
        }
        func field(_ name: String, _ wanted: String) -> String {
            read[name] == wanted ? "ok" : "\(name) reads \(read[name] ?? "nothing"), not \(wanted)"
        }
        func cgroup(_ names: [String]) -> String {
            names.contains { read["cgroup.\($0)"] != nil } ? "ok" : "\(names[0]) cannot be read back"
        }
        let emptySet = String(repeating: "0", count: 16)
        switch self {
        case .userNamespace: return namespace("user")
        case .pidNamespace: return namespace("pid")
        case .mountNamespace: return namespace("mnt")
        case .networkNamespace: return namespace("net")
        case .ipcNamespace: return namespace("ipc")
        case .utsNamespace: return namespace("uts")
        case .cgroupNamespace: return namespace("cgroup")
        case .capabilities:
            let sets = ["capInh", "capPrm", "capEff", "capBnd", "capAmb"].map { field($0, emptySet) }
            return sets.first { $0 != "ok" } ?? "ok"
        case .noNewPrivileges: return field("noNewPrivs", "1")
        case .seccomp: return field("seccompMode", "2")
        case .rlimits: return field("rlimit.core", "0/0")
        case .mountFlags:
            let flags = read["mount./usr"]?.split(separator: ",") ?? []
            let missing = ["ro", "nosuid", "nodev"].filter { !flags.contains(Substring($0)) }
            return missing.isEmpty ? "ok" : "/usr is mounted without \(missing.joined(separator: ", "))"
        case .cgroupMemory: return cgroup(["memory.max", "memory.limit_in_bytes"])
        case .cgroupPids: return cgroup(["pids.max"])
        default: return nil
        }
    }
}
