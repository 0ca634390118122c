internal import CLibSeccomp
package import OrketCore

/// Compiles a policy's system-call rules to a BPF program, once per plan. libseccomp knows the names and numbers; the
/// program itself is ours, a third as long as the one that libseccomp makes of the same rules (docs/decisions).
package enum SeccompCompiler {
    /// Requests that a program may make of its own descriptors. TIOCSTI and TIOCLINUX (input into a terminal) are absent.
    static let ioctls: [UInt32] = [
        0x5401, 0x5402, 0x5403, 0x5404,  // TCGETS, TCSETS, TCSETSW, TCSETSF
        0x540f, 0x5413, 0x541b, 0x5421,  // TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO
        0x5450, 0x5451, 0x5452, 0x5460,  // FIONCLEX, FIOCLEX, FIOASYNC, FIOQSIZE
        0x802c_542a, 0x8008_6601, 0x4020_940d, 0x4004_9409,  // TCGETS2, FS_IOC_GETFLAGS, FICLONERANGE, FICLONE
    ]

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. NEWTIME's bit is part of clone(2)'s signal.
    static let namespaceFlags: UInt32 = 0x7e02_0000

    /// PER_LINUX, the query, and ADDR_NO_RANDOMIZE, which only weakens the program itself.
    static let personalities: [UInt32] = [0, 0xffff_ffff, 0x0004_0000]

    static let allow: UInt32 = 0x7fff_0000
    static let killProcess: UInt32 = 0x8000_0000
    static func fail(_ errno: UInt32) -> UInt32 { 0x0005_0000 | errno }
    /// Unknown calls answer ENOSYS, so that a newer libc falls back to an older call.
    static let unimplemented = fail(38)
    private static let notPermitted = fail(1)
    /// AF_ALG alone has cost kernels their page cache (CVE-2026-31431): families are an allow-list.
    private static let noSuchFamily = fail(97)

    /// AUDIT_ARCH_X86_64 or AUDIT_ARCH_AARCH64.
    #if arch(x86_64)
        static let architecture: UInt32 = 0xc000_003e
    #else
        static let architecture: UInt32 = 0xc000_00b7
    #endif

    /// Calls whose arguments decide; the groups' plain rules do not apply to them.
    private static let special: Set<String> = ["clone", "clone3", "ioctl", "socket", "socketpair", "personality"]

    /// BPF instructions, 8 bytes each. Throws `badRequest` for a name that libseccomp does not know.
    package static func compile(_ rules: SyscallRules) throws(SandboxError) -> [UInt8] {
        try program(rules).bytes
    }

    static func program(_ rules: SyscallRules) throws(SandboxError) -> FilterProgram {
        var decisions: [Int: FilterProgram.Decision] = [:]
        for group in rules.groups {
            for name in group.calls where !special.contains(name) {
                guard let number = try number(name) else { continue }
                decisions[number] = .result(result(of: group.action))
            }
        }
        let families = rules.socketFamilies.map(family).sorted()
        let sockets = FilterProgram.Decision.oneOf(
            argument: 0, values: families, match: allow, other: noSuchFamily)
        let checked: [(String, FilterProgram.Decision)] = [
            ("clone", .anyBit(argument: 0, mask: namespaceFlags, match: notPermitted, other: allow)),
            ("ioctl", .oneOf(argument: 1, values: ioctls, match: allow, other: unimplemented)),
            ("socket", sockets), ("socketpair", sockets),
            ("personality", .oneOf(argument: 0, values: personalities, match: allow, other: unimplemented)),
        ]
        for (name, decision) in checked { if let number = try number(name) { decisions[number] = decision } }
        return FilterProgram(
            architecture: architecture, decisions: decisions, fallback: unimplemented, foreign: killProcess)
    }

    private static func result(of action: SyscallRules.Action) -> UInt32 {
        switch action {
        case .allow: allow
        case .deny: notPermitted
        case .unimplemented: unimplemented
        case .kill: killProcess
        }
    }

    private static func family(_ family: SyscallRules.SocketFamily) -> UInt32 {
        switch family {
        case .unix: 1
        case .inet: 2
        case .inet6: 10
        }
    }

    /// nil for a call of another architecture, which cannot be made on this one.
    static func number(_ name: String) throws(SandboxError) -> Int? {
        let number = seccomp_syscall_resolve_name(name)
        guard number != -1 else { throw SandboxError(.badRequest, "unknown system call \(name)") }
        return number < 0 ? nil : Int(number)
    }
}
