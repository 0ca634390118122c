internal import COrketLinux
internal import Glibc

/// Kernel interfaces without which no sandbox is built, and how to ask for each without changing anything.
package enum KernelCall: String, Sendable, Hashable, CaseIterable {
    case openat2
    case closeRange = "close_range"
    case pidfd
    case mountSetattr = "mount_setattr"
    case openTree = "open_tree"
    case moveMount = "move_mount"
    /// unshare(2) with CLONE_NEWUSER gets past whatever filter surrounds this process; the kernel may still refuse.
    case unshareUser = "unshare"
    case seccompKillProcess = "seccomp"

    /// The Linux release that brought it.
    package var since: String {
        switch self {
        case .openat2: "5.6"
        case .closeRange: "5.9"
        case .pidfd: "5.3"
        case .mountSetattr: "5.12"
        case .openTree, .moveMount: "5.2"
        case .unshareUser: "3.8"
        case .seccompKillProcess: "4.14"
        }
    }

    /// nil when this process may use it, else the kernel's reason.
    package func obstacle() -> String? {
        let errno =
            switch self {
            case .openat2: orket_probe_openat2()
            case .closeRange: orket_probe_close_range()
            case .pidfd: orket_probe_pidfd()
            case .mountSetattr: orket_probe_mount_setattr()
            case .openTree: orket_probe_open_tree()
            case .moveMount: orket_probe_move_mount()
            case .unshareUser: orket_probe_user_namespace()
            case .seccompKillProcess: orket_probe_seccomp(0x8000_0000)
            }
        return errno == 0 ? nil : SystemError.text(errno)
    }
}

/// Landlock as the kernel offers it to this process.
package enum LandlockSupport: Sendable, Hashable {
    /// The ABI version, 1 and up.
    case abi(Int)
    case absent(reason: String)

    /// Asks the kernel.
    package static func probe() -> LandlockSupport {
        let version = orket_landlock_abi()
        if version > 0 { return .abi(Int(version)) }
        switch -version {
        case ENOSYS: return .absent(reason: "not built into this kernel")
        case EOPNOTSUPP: return .absent(reason: "built in, not switched on at boot")
        default: return .absent(reason: SystemError.text(-version))
        }
    }
}
