internal import OrketCore

/// Merged draft in, effective policy and its rules out. Pure; lists are brought into one order, so that equal rules make
/// equal policies.
struct PolicyAssembly {
    let draft: PolicyDraft
    let groups: [Sourced<SyscallRules.Group>]

    func resolved(chain: [PolicyDraft]) -> ResolvedPolicy {
        ResolvedPolicy(
            policy: policy, chain: chain.map { .init(name: $0.name, file: $0.file, why: $0.why) },
            rules: headRules + limitRules + fileRules + environmentRules + syscallRules)
    }

    /// The effective policy.
    var policy: Policy {
        var policy = Policy(name: draft.name, why: draft.why)
        if let level = draft.minimumLevel { policy.minimumLevel = level.value }
        policy.allowDegraded = degraded.map(\.value)
        for (key, limit) in draft.limits { policy.limits[key] = limit.value }
        policy.mounts = mounts.map(\.value)
        policy.symlinks = symlinks.map(\.value)
        policy.files = files.map(\.value)
        for variable in draft.environment ?? [] { policy.environment[variable.value.name] = variable.value.value }
        policy.passEnvironment = passEnvironment.map(\.value)
        if let network = draft.network { policy.network = network.value }
        policy.syscalls = SyscallRules(groups: sortedGroups.map(\.value), socketFamilies: families.map(\.value))
        return policy
    }

    // MARK: - One order for each list

    private var degraded: [Sourced<Protection>] { (draft.allowDegraded ?? []).sorted { $0.value.bit < $1.value.bit } }
    /// A parent sorts before what lies in it, so mounting in this order hides nothing.
    private var mounts: [Sourced<Policy.Mount>] { (draft.mounts ?? []).sorted { $0.value.target < $1.value.target } }
    private var symlinks: [Sourced<Policy.Symlink>] { (draft.symlinks ?? []).sorted { $0.value.path < $1.value.path } }
    private var files: [Sourced<Policy.TextFile>] { (draft.files ?? []).sorted { $0.value.path < $1.value.path } }
    private var passEnvironment: [Sourced<String>] { (draft.passEnvironment ?? []).sorted { $0.value < $1.value } }
    private var families: [Sourced<SyscallRules.SocketFamily>] {
        (draft.socketFamilies ?? []).sorted { $0.value.rawValue < $1.value.rawValue }
    }
    private var sortedGroups: [Sourced<SyscallRules.Group>] {
        groups.map { group in
            var group = group
            group.value.calls.sort()
            return group
        }.sorted { $0.value.name < $1.value.name }
    }

    // MARK: - Rules

    private func rule<Value>(
        _ kind: PolicyRule.Kind, _ subject: String, _ value: String, _ source: Sourced<Value>
    ) -> PolicyRule {
        PolicyRule(
            kind: kind, subject: subject, value: value, why: source.why, origin: source.policy, file: source.place.file,
            line: source.place.line)
    }

    private func builtIn(_ kind: PolicyRule.Kind, _ subject: String, _ value: String) -> PolicyRule {
        PolicyRule(
            kind: kind, subject: subject, value: value, why: "No file says otherwise.", origin: "built-in", file: "",
            line: 0)
    }

    private var headRules: [PolicyRule] {
        let level = String(policy.minimumLevel.rawValue)
        let head =
            draft.minimumLevel.map { rule(.minimumLevel, "minimumLevel", level, $0) }
            ?? builtIn(.minimumLevel, "minimumLevel", level)
        return [head] + degraded.map { rule(.allowDegraded, $0.value.rawValue, "may be absent", $0) }
    }

    private var limitRules: [PolicyRule] {
        LimitKey.allCases.map { key in
            let text = policy.limits[key].map { LimitParser.format($0, for: key) } ?? "off"
            return draft.limits[key].map { rule(.limit, key.rawValue, text, $0) } ?? builtIn(.limit, key.rawValue, text)
        }
    }

    private var fileRules: [PolicyRule] {
        let mounts = mounts.map { mount in
            let value = mount.value
            var words = [value.writable ? "writable" : "read-only"]
            if !value.executable { words.append("not executable") }
            if value.optional { words.append("optional") }
            if value.source != value.target { words.append("from \(value.source)") }
            return rule(.mount, value.target, words.joined(separator: ", "), mount)
        }
        return mounts + symlinks.map { rule(.symlink, $0.value.path, "-> \($0.value.target)", $0) }
            + files.map { rule(.file, $0.value.path, CanonicalText.quote($0.value.text), $0) }
    }

    private var environmentRules: [PolicyRule] {
        let variables = (draft.environment ?? []).sorted { $0.value.name < $1.value.name }
        let network = draft.network.map { rule(.network, "network", $0.value.rawValue, $0) }
        return variables.map { rule(.environment, $0.value.name, CanonicalText.quote($0.value.value), $0) }
            + passEnvironment.map { rule(.passEnvironment, $0.value, "the caller's value", $0) }
            + [network ?? builtIn(.network, "network", policy.network.rawValue)]
    }

    private var syscallRules: [PolicyRule] {
        families.map { rule(.socketFamily, $0.value.rawValue, "allow", $0) }
            + sortedGroups.map { group in
                rule(
                    .syscallGroup, group.value.name,
                    group.value.action.rawValue + ": " + group.value.calls.joined(separator: " "), group)
            }
    }
}
