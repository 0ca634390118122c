internal import CLibSeccomp

/// Tells whether a system call's name exists. Injected, so that checking a policy needs no library and no kernel.
package struct SyscallNames: Sendable {
    package let isKnown: @Sendable (String) -> Bool

    package init(isKnown: @escaping @Sendable (String) -> Bool) { self.isKnown = isKnown }

    /// Names that libseccomp knows, on any architecture: a call that this machine does not have (`socketcall` on x86-64)
    /// resolves to a negative pseudo number, and only -1 (`__NR_SCMP_ERROR`) is an error.
    package static let libseccomp = SyscallNames { name in
        !name.isEmpty && name.utf8.count < 64 && seccomp_syscall_resolve_name(name) != -1
    }
}
