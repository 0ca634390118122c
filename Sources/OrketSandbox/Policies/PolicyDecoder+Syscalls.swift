internal import OrketCore

extension PolicyDecoder {
    mutating func syscalls(_ node: DocumentNode, into draft: inout PolicyDraft) {
        guard let fields = decoder.fields(node, .syscalls, "syscalls") else { return }
        draft.sets = decoder.list(fields["sets"], "sets").map { sets($0) }
        draft.groups = decoder.list(fields["groups"], "groups").map { groups($0) }
        draft.socketFamilies = decoder.list(fields["socketFamilies"], "socketFamilies").map { families($0) }
    }

    /// Groups of calls: of a policy, or of a syscall set.
    mutating func groups(_ nodes: [DocumentNode]) -> [Sourced<SyscallRules.Group>] {
        var rules: [Sourced<SyscallRules.Group>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .group, "a syscall group") else { continue }
            let name = name(fields["name"], "name")
            let action = decoder.oneOf(fields["action"], "action", SyscallRules.Action.self)
            let calls = calls(fields["calls"])
            let group = name.flatMap { name in
                action.map { SyscallRules.Group(name: name, why: "", action: $0, calls: calls) }
            }
            guard var rule = rule(group, fields) else { continue }
            rule.value.why = rule.why
            rules.append(rule)
        }
        return unique(rules, "syscall group", \.name)
    }

    private mutating func sets(_ nodes: [DocumentNode]) -> [Sourced<String>] {
        var rules: [Sourced<String>] = []
        for node in nodes {
            if let name = name(node, "sets") { rules.append(sourced(name, why: "", node)) }
        }
        return unique(rules, "syscall set") { $0 }
    }

    private mutating func families(_ nodes: [DocumentNode]) -> [Sourced<SyscallRules.SocketFamily>] {
        var rules: [Sourced<SyscallRules.SocketFamily>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .socketFamily, "an entry of socketFamilies") else { continue }
            let family = decoder.oneOf(fields["family"], "family", SyscallRules.SocketFamily.self)
            if let rule = rule(family, fields) { rules.append(rule) }
        }
        return unique(rules, "socket family", \.rawValue)
    }

    private mutating func calls(_ node: DocumentNode?) -> [String] {
        var calls: [String] = []
        var seen: Set<String> = []
        for node in decoder.list(node, "calls") ?? [] {
            guard let call = decoder.text(node, "calls") else { continue }
            if !syscallNames.isKnown(call) {
                decoder.report(node.place, "unknown system call \(CanonicalText.quote(call))")
            } else if !seen.insert(call).inserted {
                decoder.report(node.place, "system call `\(call)` is given twice in this group")
            } else {
                calls.append(call)
            }
        }
        return calls
    }

    /// A short lower-case name; it becomes part of a path for sets, so nothing else is let through.
    private mutating func name(_ node: DocumentNode?, _ what: String) -> String? {
        guard let node, let text = decoder.text(node, what) else { return nil }
        if PolicyName.isComponent(text) { return text }
        decoder.report(
            node.place, "\(CanonicalText.quote(text)) is no name: lower-case letters, digits and single dashes only")
        return nil
    }
}
