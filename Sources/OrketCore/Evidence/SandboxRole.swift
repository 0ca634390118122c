/// What a sandbox of a verification was for; closed.
package enum SandboxRole: String, Sendable, CaseIterable {
    /// The candidate's compile step.
    case compiler
    /// The candidate itself.
    case candidate
    /// A checker, beside its candidate.
    case checker
    case judgeCompiler = "judge_compiler"
    /// A judge, after its candidate or in a match with it.
    case judge
}

/// One sandbox of a verification as a record tells of it.
package struct EvidenceSandbox: Sendable {
    package var role: SandboxRole
    /// Hex SHA-256 of its plan.
    package var plan: HexDigest
    /// As it was read back from the kernel.
    package var isolation: Isolation
    /// It was another verification's: what was compiled in it was used again.
    package var isReused: Bool

    /// A sandbox of all its parts.
    package init(role: SandboxRole, plan: HexDigest, isolation: Isolation, isReused: Bool) {
        (self.role, self.plan, self.isolation, self.isReused) = (role, plan, isolation, isReused)
    }
}
