internal import CLibSeccomp
internal import OrketSystem
package import OrketCore

/// Compiles a policy's system-call rules to a BPF program, once per plan: libseccomp takes about a millisecond, loading
/// the result a tenth of that.
package enum SeccompCompiler {
    /// Requests that a program may make of its own descriptors. TIOCSTI and TIOCLINUX (input into a terminal) are absent,
    /// and the comparison is on the low 32 bits, which is all that the kernel looks at (CVE-2019-10063).
    private static let ioctls: [UInt64] = [
        0x5401, 0x5402, 0x5403, 0x5404,  // TCGETS, TCSETS, TCSETSW, TCSETSF
        0x540f, 0x5413, 0x541b, 0x5421,  // TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO
        0x5450, 0x5451, 0x5452, 0x5460,  // FIONCLEX, FIOCLEX, FIOASYNC, FIOQSIZE
        0x802c_542a, 0x8008_6601, 0x4020_940d, 0x4004_9409,  // TCGETS2, FS_IOC_GETFLAGS, FICLONERANGE, FICLONE
    ]

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, and NEWTIME's bit, which clone(2) reads as a signal.
    private static let namespaceFlags: [UInt64] = [
        0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]

    /// Calls whose arguments decide; the groups' plain rules do not apply to them.
    private static let special: Set<String> = ["clone", "clone3", "ioctl", "socket", "socketpair", "personality"]

    /// BPF instructions, 8 bytes each. Throws when libseccomp refuses a rule: a defect of the policy's checker.
    package static func compile(_ rules: SyscallRules) throws(SandboxError) -> [UInt8] {
        // Unknown calls answer ENOSYS, so that a newer libc falls back to an older call.
        guard let context = seccomp_init(errnoAction(38)) else {
            throw SandboxError(.system, "seccomp_init failed")
        }
        defer { seccomp_release(context) }
        try check(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, killProcess), "bad architecture action")
        try check(seccomp_attr_set(context, SCMP_FLTATR_CTL_NNP, 0), "no_new_privs attribute")
        // The binary tree loads and decides in half the time of the list.
        try check(seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimisation attribute")
        for group in rules.groups {
            for name in group.calls where !special.contains(name) { try add(context, group.action, name) }
        }
        try addClone(context)
        for request in ioctls { try add(context, .allow, "ioctl", [masked(1, 0xffff_ffff, request)]) }
        for call in ["socket", "socketpair"] { try addFamilies(context, call, rules.socketFamilies) }
        // PER_LINUX, the query, and ADDR_NO_RANDOMIZE, which only weakens the program itself.
        for persona: UInt64 in [0, 0xffff_ffff, 0x0004_0000] {
            try add(context, .allow, "personality", [masked(0, 0xffff_ffff, persona)])
        }
        return try export(context)
    }

    private static func addClone(_ context: scmp_filter_ctx) throws(SandboxError) {
        let all = namespaceFlags.reduce(0, |)
        try add(context, .allow, "clone", [masked(0, all, 0)])
        for flag in namespaceFlags { try add(context, .deny, "clone", [masked(0, flag, flag)]) }
    }

    /// An allow-list by whole value; every other number answers EAFNOSUPPORT. AF_ALG alone has cost kernels their page
    /// cache (CVE-2026-31431).
    private static func addFamilies(
        _ context: scmp_filter_ctx, _ call: String, _ families: [SyscallRules.SocketFamily]
    )
        throws(SandboxError)
    {
        let allowed = Set(families.map(number))
        let last = allowed.max() ?? 0
        let refuse = errnoAction(97)
        for family in 0...last {
            if allowed.contains(family) {
                try add(context, .allow, call, [compare(0, SCMP_CMP_EQ, family)])
            } else {
                try addRule(context, refuse, call, [compare(0, SCMP_CMP_EQ, family)])
            }
        }
        try addRule(context, refuse, call, [compare(0, SCMP_CMP_GT, last)])
    }

    private static func number(_ family: SyscallRules.SocketFamily) -> UInt64 {
        switch family {
        case .unix: 1
        case .inet: 2
        case .inet6: 10
        }
    }

    private static let killProcess: UInt32 = 0x8000_0000
    private static func errnoAction(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }

    private static func add(
        _ context: scmp_filter_ctx, _ action: SyscallRules.Action, _ name: String, _ arguments: [scmp_arg_cmp] = []
    ) throws(SandboxError) {
        switch action {
        case .allow: try addRule(context, 0x7fff_0000, name, arguments)
        case .deny: try addRule(context, errnoAction(1), name, arguments)
        case .unimplemented: break  // the default action
        case .kill: try addRule(context, killProcess, name, arguments)
        }
    }

    private static func addRule(
        _ context: scmp_filter_ctx, _ action: UInt32, _ name: String, _ arguments: [scmp_arg_cmp]
    )
        throws(SandboxError)
    {
        let number = seccomp_syscall_resolve_name(name)
        guard number != -1 else { throw SandboxError(.badRequest, "unknown system call \(name)") }
        // A call of another architecture has a negative number and cannot be made on this one.
        if number < 0 { return }
        let result = seccomp_rule_add_array(context, action, number, UInt32(arguments.count), arguments)
        if result < 0 { throw SandboxError(.system, "seccomp rule for \(name): \(SystemError.text(-result))") }
    }

    private static func masked(_ argument: UInt32, _ mask: UInt64, _ value: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
    }

    private static func compare(_ argument: UInt32, _ operation: scmp_compare, _ value: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: operation, datum_a: value, datum_b: 0)
    }

    private static func check(_ result: Int32, _ what: String) throws(SandboxError) {
        if result < 0 { throw SandboxError(.system, "libseccomp \(what): \(SystemError.text(-result))") }
    }

    private static func export(_ context: scmp_filter_ctx) throws(SandboxError) -> [UInt8] {
        do {
            let file = try MemoryFile(name: "seccomp")
            try check(seccomp_export_bpf(context, file.descriptor.raw), "export")
            let bytes = try file.contents(limit: 4096 * 8)
            if bytes.isEmpty || bytes.count % 8 != 0 || bytes.count >= 4096 * 8 {
                throw SandboxError(.system, "the seccomp program has \(bytes.count) bytes")
            }
            return bytes
        } catch let error as SandboxError {
            throw error
        } catch {
            throw SandboxError(.system, "seccomp export: \(error)")
        }
    }
}
