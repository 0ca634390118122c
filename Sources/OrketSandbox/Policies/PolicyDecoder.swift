internal import OrketCore

/// Document in, draft out: everything that can be checked by looking at one file. Pure.
struct PolicyDecoder {
    let name: String
    let file: String
    /// Directory of the file: `./x` in the file means a path in it.
    let directory: String
    let syscallNames: SyscallNames
    var decoder = DocumentDecoder()

    /// The draft of a policy file; `decoder.findings` tells what is wrong with it.
    mutating func policy(_ root: DocumentNode) -> PolicyDraft? {
        guard let fields = decoder.fields(root, .policy, "the policy") else { return nil }
        var draft = PolicyDraft(name: name, file: file, place: root.place)
        _ = decoder.integer(fields["schema"], "schema", in: 1...1)
        draft.why = decoder.text(fields["why"], "why") ?? ""
        checkName(fields["name"])
        draft.isAbstract = decoder.boolean(fields["abstract"], "abstract", default: false)
        if let node = fields["extends"], let text = decoder.text(node, "extends") {
            draft.extends = sourced(text, why: draft.why, node)
        }
        if let node = fields["minimumLevel"], let number = decoder.integer(node, "minimumLevel", in: 0...4) {
            draft.minimumLevel = sourced(IsolationLevel(rawValue: number)!, why: draft.why, node)
        }
        draft.allowDegraded = decoder.list(fields["allowDegraded"], "allowDegraded").map { degraded($0, draft.why) }
        if let node = fields["limits"] { draft.limits = limits(node, draft.why) }
        if let node = fields["filesystem"] { filesystem(node, into: &draft) }
        draft.environment = decoder.list(fields["environment"], "environment").map { environment($0) }
        draft.passEnvironment = decoder.list(fields["passEnvironment"], "passEnvironment").map { passEnvironment($0) }
        if let node = fields["network"], let fields = decoder.fields(node, .network, "network") {
            let mode = decoder.oneOf(fields["mode"], "mode", Policy.Network.self)
            draft.network = rule(mode, fields)
        }
        if let node = fields["syscalls"] { syscalls(node, into: &draft) }
        return draft
    }

    /// The groups of a syscall-set file.
    mutating func syscallSet(_ root: DocumentNode) -> [Sourced<SyscallRules.Group>] {
        guard let fields = decoder.fields(root, .syscallSet, "the syscall set") else { return [] }
        _ = decoder.integer(fields["schema"], "schema", in: 1...1)
        _ = decoder.text(fields["why"], "why")
        return groups(decoder.list(fields["groups"], "groups") ?? [])
    }

    /// A value with the rule's own `why`; nil when the value is bad, which is already reported.
    func sourced<Value>(_ value: Value, why: String, _ node: DocumentNode) -> Sourced<Value> {
        Sourced(value: value, why: why, place: node.place, policy: name)
    }

    mutating func rule<Value>(_ value: Value?, _ fields: DocumentDecoder.Fields) -> Sourced<Value>? {
        let why = decoder.text(fields["why"], "why") ?? ""
        return value.map { Sourced(value: $0, why: why, place: fields.place, policy: name) }
    }

    /// Rules whose keys are unique in the list; a second one with the same key is a finding.
    mutating func unique<Value>(_ rules: [Sourced<Value>], _ what: String, _ key: (Value) -> String) -> [Sourced<Value>]
    {
        var first: [String: Int] = [:]
        for rule in rules {
            let name = key(rule.value)
            if let line = first[name] {
                decoder.report(rule.place, "\(what) \(CanonicalText.quote(name)) is given twice, first in line \(line)")
            }
            first[name] = first[name] ?? rule.place.line
        }
        return rules
    }

    // MARK: - Small rules

    private mutating func checkName(_ node: DocumentNode?) {
        guard let node, let text = decoder.text(node, "name"), text != name else { return }
        decoder.report(
            node.place, "`name` is \(CanonicalText.quote(text)), and the file's name says \(CanonicalText.quote(name))")
    }

    private mutating func degraded(_ nodes: [DocumentNode], _ policyWhy: String) -> [Sourced<Protection>] {
        var rules: [Sourced<Protection>] = []
        for node in nodes {
            if case .mapping = node.content {
                guard let fields = decoder.fields(node, .degraded, "an entry of allowDegraded") else { continue }
                let protection = decoder.oneOf(fields["name"], "name", Protection.self)
                if let rule = rule(protection, fields) { rules.append(rule) }
            } else if let protection = decoder.oneOf(node, "allowDegraded", Protection.self) {
                // A bare name is covered by the reason of the policy.
                rules.append(sourced(protection, why: policyWhy, node))
            }
        }
        return unique(rules, "protection", \.rawValue)
    }

    private mutating func limits(_ node: DocumentNode, _ policyWhy: String) -> [LimitKey: Sourced<UInt64>] {
        guard let fields = decoder.fields(node, .limits, "limits") else { return [:] }
        var limits: [LimitKey: Sourced<UInt64>] = [:]
        for key in LimitKey.allCases {
            guard let value = fields[key.rawValue] else { continue }
            guard case .scalar(let text, let plain) = value.content else {
                decoder.report(
                    value.place,
                    "\(key.rawValue): a value such as 2s, 256MiB or 64 is expected, and this is \(value.kind)")
                continue
            }
            if key.unit == .count, !plain {
                decoder.report(value.place, "\(key.rawValue): a whole number without quotes is expected")
                continue
            }
            switch LimitParser.parse(text, for: key) {
            case .success(let number): limits[key] = sourced(number, why: policyWhy, value)
            case .failure(let refusal): decoder.report(value.place, refusal.description)
            }
        }
        return limits
    }

    private mutating func environment(_ nodes: [DocumentNode]) -> [Sourced<EnvironmentVariable>] {
        var rules: [Sourced<EnvironmentVariable>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .variable, "an entry of environment") else { continue }
            let name = variableName(fields["name"])
            let value = decoder.text(fields["value"], "value", mayBeEmpty: true)
            let variable = name.flatMap { name in value.map { EnvironmentVariable(name: name, value: $0) } }
            if let rule = rule(variable, fields) { rules.append(rule) }
        }
        return unique(rules, "variable", \.name)
    }

    private mutating func passEnvironment(_ nodes: [DocumentNode]) -> [Sourced<String>] {
        var rules: [Sourced<String>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .passedVariable, "an entry of passEnvironment") else { continue }
            let name = variableName(fields["name"])
            if let rule = rule(name, fields) { rules.append(rule) }
        }
        return unique(rules, "variable") { $0 }
    }

    /// A portable name (POSIX XBD 8.1): no pattern, so that what passes can be read off the policy.
    private mutating func variableName(_ node: DocumentNode?) -> String? {
        guard let node, let name = decoder.text(node, "name") else { return nil }
        let isPortable = name.utf8.allSatisfy {
            $0 == 0x5f || (0x30...0x39).contains($0) || (0x41...0x5a).contains($0 & 0xdf)
        }
        if isPortable, name.first?.isNumber == false { return name }
        decoder.report(
            node.place, "\(CanonicalText.quote(name)) is no variable name: letters, digits and _ only, no pattern")
        return nil
    }
}
