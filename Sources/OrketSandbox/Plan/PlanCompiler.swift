package import OrketCore
internal import OrketSystem

/// Policy and host facts in, plan out. Pure: no kernel call, the same answer every time.
package enum PlanCompiler {
    /// Throws `unsupportedHost` when a protection that the policy requires cannot be had: nothing may run then.
    /// `without` turns protections off; control runs of the hostile corpus only.
    package static func compile(
        _ policy: Policy, host: HostFacts, without: Set<Protection> = []
    ) throws(SandboxError) -> Plan {
        if without.contains(.mountNamespace) {
            throw SandboxError(
                .badRequest, "mount_namespace cannot be turned off: a run would mount over the host's tree")
        }
        var mask = Protection.allMask
        for protection in without { mask &= ~protection.bit }
        var degraded: [Protection] = []
        if host.landlockABI == 0 { degraded.append(.landlock) }
        if host.cgroupVersion == nil { degraded += [.cgroupMemory, .cgroupPids, .cgroupCPU] }
        for protection in degraded { mask &= ~protection.bit }
        // No level stands for Landlock alone, so its absence must be named to be accepted.
        if host.landlockABI == 0, !without.contains(.landlock), !policy.allowDegraded.contains(.landlock) {
            throw SandboxError(
                .unsupportedHost, "policy \(policy.name) needs Landlock, which this kernel does not offer",
                hint: "boot with landlock in the kernel's lsm= list, or name landlock in the policy's allowDegraded")
        }
        let level: IsolationLevel = host.cgroupVersion == nil ? .namespaces : .cgroups
        if level < policy.minimumLevel, !policy.allowDegraded.contains(.cgroupMemory) {
            throw SandboxError(
                .unsupportedHost,
                "policy \(policy.name) needs isolation level \(policy.minimumLevel.rawValue), this host gives this user"
                    + " level \(level.rawValue): \(host.cgroupReason)",
                hint:
                    "run as root or in a delegated cgroup (systemd-run --user --scope -p Delegate=yes orket ...), or name"
                    + " cgroup_memory in the policy's allowDegraded")
        }
        return Plan(
            policy: policy.name, protections: mask, limits: policy.limits, network: policy.network,
            cgroup: cgroup(host, mask), rlimits: resourceLimits(policy.limits, hasCgroup: host.cgroupVersion != nil),
            mounts: mounts(policy, host: host, mask: mask),
            landlock: mask & Protection.landlock.bit == 0 ? nil : landlock(policy, abi: host.landlockABI),
            environment: policy.environment, syscalls: policy.syscalls, degraded: degraded, level: level)
    }

    private static func cgroup(_ host: HostFacts, _ mask: UInt32) -> UInt32 {
        UInt32(host.cgroupVersion?.rawValue ?? 0)
    }

    private static func resourceLimits(_ limits: Limits, hasCgroup: Bool) -> [Plan.ResourceLimit] {
        // The supervisor ends the tree at its CPU limit; the per-process limit is the net below, a second later.
        let cpu = (limits.cpuMs + 999) / 1000 + 1
        var list: [Plan.ResourceLimit] = [
            .init(resource: 0, name: "cpu", soft: cpu, hard: cpu + 1),
            .init(resource: 1, name: "fsize", soft: limits.fsizeBytes, hard: limits.fsizeBytes),
            .init(resource: 3, name: "stack", soft: 8 << 20, hard: 64 << 20),
            .init(resource: 4, name: "core", soft: 0, hard: 0),
            .init(resource: 7, name: "nofile", soft: limits.nofile, hard: limits.nofile),
            .init(resource: 8, name: "memlock", soft: 64 << 10, hard: 64 << 10),
            .init(resource: 11, name: "sigpending", soft: 256, hard: 256),
            .init(resource: 12, name: "msgqueue", soft: 64 << 10, hard: 64 << 10),
            .init(resource: 13, name: "nice", soft: 0, hard: 0),
            .init(resource: 14, name: "rtprio", soft: 0, hard: 0),
        ]
        // Counted per user and user namespace since Linux 5.14, so it holds only this sandbox's processes.
        if !hasCgroup { list.append(.init(resource: 6, name: "nproc", soft: limits.pids, hard: limits.pids)) }
        return list
    }

    private static func mounts(_ policy: Policy, host: HostFacts, mask: UInt32) -> [Plan.MountStep] {
        let loose = mask & Protection.mountFlags.bit == 0 ? Plan.MountStep.loose : 0
        var steps: [Plan.MountStep] = []
        for mount in policy.mounts where !mount.optional || host.pathExists(mount.source) {
            let flags =
                (mount.writable ? Plan.MountStep.writable : 0) | (mount.executable ? 0 : Plan.MountStep.noexec) | loose
            steps.append(.init(kind: .bind, flags: flags, source: mount.source, target: mount.target))
        }
        for link in policy.symlinks { steps.append(.init(kind: .symlink, source: link.target, target: link.path)) }
        for file in policy.files { steps.append(.init(kind: .file, target: file.path, text: file.text)) }
        if mask & Protection.minimalDev.bit == 0 {
            steps.append(
                .init(
                    kind: .bind, flags: Plan.MountStep.writable | Plan.MountStep.loose, source: "/dev", target: "/dev"))
            return steps
        }
        for name in ["null", "zero", "full", "random", "urandom"] {
            steps.append(.init(kind: .device, source: "/dev/\(name)", target: "/dev/\(name)"))
        }
        for (name, target) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
            steps.append(.init(kind: .symlink, source: "/proc/self/fd\(target)", target: "/dev/\(name)"))
        }
        return steps
    }

    /// Rights by the ABI that introduced them (landlock(7)): all of ABI 1, then refer, truncate, and device ioctls.
    private static func landlock(_ policy: Policy, abi: Int32) -> Plan.LandlockRules {
        let execute: UInt64 = 1, writeFile: UInt64 = 2, readFile: UInt64 = 4, readDirectory: UInt64 = 8
        var handled: UInt64 = 0x1fff
        var write = writeFile
        if abi >= 2 { handled |= 1 << 13 }
        if abi >= 3 {
            handled |= 1 << 14
            write |= 1 << 14
        }
        if abi >= 5 { handled |= 1 << 15 }
        let devices: UInt64 = (1 << 6) | (1 << 11)
        let everything = handled & ~devices
        let read = execute | readFile | readDirectory
        var rules: [Plan.LandlockRules.PathRule] = [
            .init(path: "/", access: read),
            .init(path: "/box", access: everything),
            .init(path: "/tmp", access: everything),
            .init(path: "/dev/shm", access: everything & ~execute),
            .init(path: "/dev", access: readFile | readDirectory | write | (abi >= 5 ? 1 << 15 : 0)),
            .init(path: "/proc", access: readFile | readDirectory | write),
        ]
        for mount in policy.mounts where mount.writable { rules.append(.init(path: mount.target, access: everything)) }
        return Plan.LandlockRules(
            abi: abi, handledFS: handled, handledNet: abi >= 4 && policy.network == .none ? 3 : 0,
            scoped: abi >= 6 ? 3 : 0, rules: rules)
    }
}
