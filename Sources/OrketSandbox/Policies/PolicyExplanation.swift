internal import OrketCore

extension ResolvedPolicy {
    /// The effective policy for people: every rule with its reason and the file that says so. Wrapped at 100 columns.
    package var explanation: String {
        var lines = ["policy \(policy.name)"]
        lines += Self.wrap(policy.why, indent: 2)
        lines.append("  digest \(policy.digest)")
        if chain.count > 1 {
            lines.append("  inherits " + chain.reversed().map(\.name).joined(separator: " -> "))
        }
        for kind in PolicyRule.Kind.allCases {
            let rules = rules.filter { $0.kind == kind }
            lines += ["", Self.title(kind)]
            if rules.isEmpty { lines.append("  nothing") }
            // A limit or a level has no reason of its own: that of its policy was printed, or is in `inherits`.
            lines += rules.flatMap { Self.lines($0, showsWhy: kind != .limit && kind != .minimumLevel) }
        }
        return lines.map(CanonicalText.visible).joined(separator: "\n") + "\n"
    }

    private static func lines(_ rule: PolicyRule, showsWhy: Bool) -> [String] {
        let file = rule.file.split(separator: "/").last.map(String.init) ?? ""
        let origin = rule.line == 0 ? rule.origin : "\(rule.origin), \(file):\(rule.line)"
        if rule.kind == .syscallGroup {
            return ["  \(rule.subject)  [\(origin)]"] + wrap(rule.why, indent: 6) + wrap(rule.value, indent: 6)
        }
        let head =
            rule.kind == .minimumLevel || rule.kind == .network ? "  \(rule.value)" : "  \(rule.subject)  \(rule.value)"
        return ["\(head)  [\(origin)]"] + (showsWhy ? wrap(rule.why, indent: 6) : [])
    }

    private static func title(_ kind: PolicyRule.Kind) -> String {
        switch kind {
        case .minimumLevel: "least isolation level"
        case .allowDegraded: "protections that may be absent"
        case .limit: "limits"
        case .mount: "mounts"
        case .symlink: "symbolic links"
        case .file: "generated files"
        case .environment: "environment"
        case .passEnvironment: "variables passed from the caller"
        case .network: "network"
        case .socketFamily: "socket families"
        case .syscallGroup: "system calls (all others: not implemented)"
        }
    }

    private static func wrap(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, indent + line.count + 1 + word.count > 100 {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [margin + line]
    }
}
