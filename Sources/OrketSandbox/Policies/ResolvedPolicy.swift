package import OrketCore

/// A policy after inheritance, with the reason and the origin of every rule.
package struct ResolvedPolicy: Sendable {
    package let policy: Policy
    /// Foundation first, the policy itself last.
    package let chain: [Link]
    /// Every rule in effect, in the order of `PolicyRule.Kind` and then by subject.
    package let rules: [PolicyRule]

    /// One file of the inheritance chain.
    package struct Link: Sendable, Codable, Hashable {
        package let name: String
        package let file: String
        package let why: String
    }
}

/// One rule in effect, as `policy explain` shows it.
package struct PolicyRule: Sendable, Codable, Hashable {
    /// What a rule is about, in the order in which they are shown.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case minimumLevel, allowDegraded, limit, mount, symlink, file, environment, passEnvironment, network,
            socketFamily
        case syscallGroup
    }

    package let kind: Kind
    /// What the rule is about: a target path, a limit's key, a group's name.
    package let subject: String
    package let value: String
    package let why: String
    /// Name of the policy or set that says so; `built-in` for a limit that no file names.
    package let origin: String
    package let file: String
    /// 0 for a built-in value.
    package let line: Int
}
