internal import Crypto
internal import OrketCore

extension Plan {
    /// The plan as text, one fact a line, in a fixed order: for people (`--plan`), for golden tests, and for the digest.
    package var text: String {
        var lines = [
            "orket.plan/1 \(policy)", "level \(level.rawValue)", "cgroup \(cgroup)", "network \(network.rawValue)",
        ]
        lines.append("hostname \(hostname)")
        lines.append("identity \(innerUID):\(innerGID)")
        for protection in Protection.allCases {
            lines.append("protection \(protection.rawValue) \(has(protection) ? "on" : "off")")
        }
        for protection in degraded { lines.append("degraded \(protection.rawValue)") }
        for key in LimitKey.allCases { lines.append("limit \(key.rawValue) \(limits[key].map(String.init) ?? "off")") }
        for limit in rlimits { lines.append("rlimit \(limit.name) \(limit.soft) \(limit.hard)") }
        for mount in mounts { lines.append(Self.line(mount)) }
        if let landlock {
            lines.append(
                "landlock abi \(landlock.abi) fs \(hex(landlock.handledFS)) net \(hex(landlock.handledNet))"
                    + " scoped \(hex(landlock.scoped))")
            for rule in landlock.rules { lines.append("landlock rule \(rule.path) \(hex(rule.access))") }
        }
        for name in environment.keys.sorted() { lines.append("environment \(name)=\(environment[name]!)") }
        lines.append("socket families \(syscalls.socketFamilies.map(\.rawValue).sorted().joined(separator: " "))")
        for group in syscalls.groups {
            lines.append(
                "syscalls \(group.action.rawValue) \(group.name): \(group.calls.sorted().joined(separator: " "))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Hex SHA-256 of `text`: the identity of what is enforced.
    package var digest: String { HexText.encode(SHA256.hash(data: Array(text.utf8))) }

    private static func line(_ mount: MountStep) -> String {
        var flags: [String] = []
        if mount.kind == .bind || mount.kind == .device {
            flags.append(mount.flags & MountStep.writable != 0 ? "rw" : "ro")
            if mount.flags & MountStep.noexec != 0 { flags.append("noexec") }
            if mount.flags & MountStep.loose != 0 { flags.append("loose") }
        }
        switch mount.kind {
        case .bind: return "mount bind \(mount.source) \(mount.target) \(flags.joined(separator: ","))"
        case .device: return "mount device \(mount.target)"
        case .symlink: return "mount symlink \(mount.target) -> \(mount.source)"
        case .file:
            return "mount file \(mount.target) sha256:\(HexText.encode(SHA256.hash(data: Array(mount.text.utf8))))"
        case .directory: return "mount directory \(mount.target)"
        }
    }

    private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
