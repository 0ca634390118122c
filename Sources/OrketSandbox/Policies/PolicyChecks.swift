internal import OrketCore

/// What can only be seen in an effective policy: rules of several files that do not fit together. Pure.
enum PolicyChecks {
    /// Calls that the jail itself makes between loading the filter and the payload's first instruction. Without them every
    /// run would end as a failed set-up, so a policy must allow them.
    static let neededByJail = [
        "close", "close_range", "dup3", "execve", "execveat", "exit_group", "fcntl", "prlimit64", "read", "recvmsg",
        "rt_sigreturn", "sendmsg", "write",
    ]

    static func findings(_ draft: PolicyDraft, groups: [Sourced<SyscallRules.Group>]) -> [Finding] {
        paths(draft) + neededCalls(draft, groups)
    }

    /// Calls that two groups of one level name: one of the rules would be dead.
    static func overlaps(_ groups: [Sourced<SyscallRules.Group>]) -> [Finding] {
        var owner: [String: Sourced<SyscallRules.Group>] = [:]
        var names: Set<String> = []
        var findings: [Finding] = []
        for group in groups {
            if !names.insert(group.value.name).inserted {
                findings.append(group.place.finding("syscall group \(group.value.name) exists twice"))
            }
            for call in group.value.calls {
                if let first = owner[call] {
                    let kind = first.value.action == group.value.action ? "redundant" : "contradictory"
                    findings.append(
                        group.place.finding(
                            "\(kind) rule: `\(call)` is in group \(group.value.name) (\(group.value.action.rawValue)) and in"
                                + " \(first.value.name) (\(first.value.action.rawValue))"))
                } else {
                    owner[call] = group
                }
            }
        }
        return findings
    }

    private struct Item {
        var path: String
        var place: Place
        var what: String
        /// A mount can hold other mounts; what is made beneath it would have to be made on the host.
        var isMount: Bool
    }

    private static func paths(_ draft: PolicyDraft) -> [Finding] {
        let mounts = (draft.mounts ?? []).map {
            Item(path: $0.value.target, place: $0.place, what: "mount", isMount: true)
        }
        let links = (draft.symlinks ?? []).map {
            Item(path: $0.value.path, place: $0.place, what: "symlink", isMount: false)
        }
        let files = (draft.files ?? []).map { Item(path: $0.value.path, place: $0.place, what: "file", isMount: false) }
        // Parents come first, so an item only needs the earlier ones that hold it.
        let items = (mounts + links + files).sorted { ($0.path, $0.what) < ($1.path, $1.what) }
        var findings: [Finding] = []
        for (index, item) in items.enumerated() {
            for outer in items[..<index] where PathRules.contains(outer.path, item.path) {
                if outer.path == item.path {
                    findings.append(
                        item.place.finding(
                            "\(CanonicalText.quote(item.path)) is both a \(outer.what) and a \(item.what)"))
                } else if !(outer.isMount && item.isMount) {
                    findings.append(
                        item.place.finding(
                            "\(item.what) \(CanonicalText.quote(item.path)) lies in the \(outer.what)"
                                + " \(CanonicalText.quote(outer.path)), where nothing can be made"))
                }
            }
        }
        return findings
    }

    private static func neededCalls(_ draft: PolicyDraft, _ groups: [Sourced<SyscallRules.Group>]) -> [Finding] {
        let allowed = Set(groups.filter { $0.value.action == .allow }.flatMap(\.value.calls))
        let missing = neededByJail.filter { !allowed.contains($0) }
        if missing.isEmpty { return [] }
        let names = missing.joined(separator: ", ")
        return [
            draft.place.finding(
                "no program can start: no group allows \(names); extend `default`, or name the set `core` in syscalls.sets"
            )
        ]
    }
}
