package import OrketCore

/// A policy compiled for this host: flat, complete, no decision left. Equal plans share one warden and one pool.
package struct Plan: Sendable, Hashable {
    package var policy: String
    /// Bit i = `Protection.allCases[i]`.
    package var protections: UInt32
    package var limits: Limits
    package var network: Policy.Network
    /// 0 none, 1 v1, 2 v2.
    package var cgroup: UInt32
    package var hostname = "orket"
    package var innerUID: UInt32 = 1000
    package var innerGID: UInt32 = 1000
    package var rlimits: [ResourceLimit]
    package var mounts: [MountStep]
    package var landlock: LandlockRules?
    package var environment: [String: String]
    package var syscalls: SyscallRules
    /// Protections that are absent here and that the policy lets be absent.
    package var degraded: [Protection]
    package var level: IsolationLevel

    /// One resource limit of setrlimit(2), with its number there.
    package struct ResourceLimit: Sendable, Hashable {
        package var resource: UInt32
        package var name: String
        package var soft: UInt64
        package var hard: UInt64
    }

    /// One entry of the rootfs, in the order in which they are made.
    package struct MountStep: Sendable, Hashable {
        /// Numbers of shape.h.
        package enum Kind: UInt32, Sendable { case bind = 1, symlink, file, directory, device }
        package var kind: Kind
        package var flags: UInt32 = 0
        package var source = ""
        package var target: String
        package var text = ""

        /// Flag bits of shape.h.
        static let writable: UInt32 = 1
        static let noexec: UInt32 = 2
        static let loose: UInt32 = 4
    }

    /// What Landlock handles, and what it then allows again.
    package struct LandlockRules: Sendable, Hashable {
        /// 1...: what the kernel offers.
        package var abi: Int32
        package var handledFS: UInt64
        package var handledNet: UInt64
        package var scoped: UInt64
        package var rules: [PathRule]

        /// Rights beneath one path.
        package struct PathRule: Sendable, Hashable {
            package var path: String
            package var access: UInt64
        }

        /// Bytes of the attribute that this ABI knows: one field up to ABI 3, then the network, then the scopes.
        package var attributeBytes: UInt32 { abi >= 6 ? 24 : abi >= 4 ? 16 : 8 }
    }

    /// True when the plan enforces this protection.
    package func has(_ protection: Protection) -> Bool { protections & protection.bit != 0 }
}

extension Plan {
    /// The bytes of shape.h. `filter` is the compiled seccomp program; empty only when seccomp is off.
    func shapeBytes(filter: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.u32(1)
        writer.u32(protections)
        writer.u32(network == .loopback ? 1 : 0)
        writer.u32(cgroup)
        writer.u32(innerUID)
        writer.u32(innerGID)
        writer.u64(limits.diskBytes)
        writer.u64(limits.inodes)
        writer.string(hostname)
        writer.u32(UInt32(rlimits.count))
        for limit in rlimits {
            writer.u32(limit.resource)
            writer.u64(limit.soft)
            writer.u64(limit.hard)
        }
        writer.u32(UInt32(mounts.count))
        for mount in mounts {
            writer.u32(mount.kind.rawValue)
            writer.u32(mount.flags)
            writer.string(mount.source)
            writer.string(mount.target)
            writer.blob(Array(mount.text.utf8))
        }
        writer.u32(landlock?.attributeBytes ?? 0)
        writer.u64(landlock?.handledFS ?? 0)
        writer.u64(landlock?.handledNet ?? 0)
        writer.u64(landlock?.scoped ?? 0)
        writer.u32(UInt32(landlock?.rules.count ?? 0))
        for rule in landlock?.rules ?? [] {
            writer.u64(rule.access)
            writer.string(rule.path)
        }
        writer.blob(filter)
        return writer.bytes
    }
}
