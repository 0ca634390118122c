package import OrketCore

/// The policies of the toolchains that a verification needs, loaded before anything starts.
package struct ToolchainPolicies: Sendable {
    private let policies: [String: Policy]

    /// Loads the policies of `languages` by name through `load`; throws all findings of all of them.
    package init(
        _ languages: Set<Language>, load: (String) throws(InvalidInput) -> Policy
    ) throws(InvalidInput) {
        var policies: [String: Policy] = [:]
        var findings: [Finding] = []
        for name in Set(languages.flatMap { [$0.compilePolicy, $0.runPolicy] }).sorted() {
            do throws(InvalidInput) {
                policies[name] = try load(name)
            } catch {
                findings += error.findings
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        self.policies = policies
    }

    /// The compile policy of a language that was named at `init`, with `limits` in place of its own.
    package func compile(_ language: Language, limits: [LimitKey: UInt64]) -> Policy {
        policy(language.compilePolicy, limits)
    }

    /// The run policy of a language that was named at `init`, with `limits` in place of its own.
    package func run(_ language: Language, limits: [LimitKey: UInt64]) -> Policy {
        policy(language.runPolicy, limits)
    }

    private func policy(_ name: String, _ limits: [LimitKey: UInt64]) -> Policy {
        guard var policy = policies[name] else { preconditionFailure("policy \(name) was not loaded") }
        for (key, value) in limits { policy.limits[key] = value }
        return policy
    }
}
