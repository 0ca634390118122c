internal import OrketCore

/// Inheritance: the drafts of a chain, foundation first, become one. Pure.
///
/// Single values and limits: the child's wins. Keyed rules (mounts by target, links and files by path, variables by name,
/// groups by name): the child's replace their namesakes and are added. Plain permissions (allowDegraded, passEnvironment,
/// sets, socketFamilies): the child's list replaces the parent's. An empty list always leaves nothing.
enum PolicyMerge {
    static func merge(_ chain: [PolicyDraft]) -> PolicyDraft {
        var result = chain[0]
        for child in chain.dropFirst() { result = overlay(child, on: result) }
        return result
    }

    private static func overlay(_ child: PolicyDraft, on parent: PolicyDraft) -> PolicyDraft {
        var result = child
        result.minimumLevel = child.minimumLevel ?? parent.minimumLevel
        result.allowDegraded = child.allowDegraded ?? parent.allowDegraded
        result.limits = parent.limits.merging(child.limits) { _, mine in mine }
        result.mounts = keyed(parent.mounts, child.mounts, \.target)
        result.symlinks = keyed(parent.symlinks, child.symlinks, \.path)
        result.files = keyed(parent.files, child.files, \.path)
        result.environment = keyed(parent.environment, child.environment, \.name)
        result.passEnvironment = child.passEnvironment ?? parent.passEnvironment
        result.network = child.network ?? parent.network
        result.sets = child.sets ?? parent.sets
        result.groups = groups(parent.groups, child.groups)
        result.socketFamilies = child.socketFamilies ?? parent.socketFamilies
        return result
    }

    private static func keyed<Value>(
        _ parent: [Sourced<Value>]?, _ child: [Sourced<Value>]?, _ key: (Value) -> String
    ) -> [Sourced<Value>]? {
        guard let child, !child.isEmpty else { return child ?? parent }
        let mine = Set(child.map { key($0.value) })
        return (parent ?? []).filter { !mine.contains(key($0.value)) } + child
    }

    /// As `keyed`; besides, a call that the child names leaves the parent's groups, so that each call has one answer.
    private static func groups(
        _ parent: [Sourced<SyscallRules.Group>]?, _ child: [Sourced<SyscallRules.Group>]?
    ) -> [Sourced<SyscallRules.Group>]? {
        guard let child, !child.isEmpty else { return child ?? parent }
        let mine = Set(child.map(\.value.name))
        return overriding((parent ?? []).filter { !mine.contains($0.value.name) }, by: child)
    }

    /// `lower` without the calls that `upper` names, then `upper`. Groups left without a call disappear.
    static func overriding(
        _ lower: [Sourced<SyscallRules.Group>], by upper: [Sourced<SyscallRules.Group>]
    ) -> [Sourced<SyscallRules.Group>] {
        let named = Set(upper.flatMap(\.value.calls))
        let kept = lower.compactMap { group -> Sourced<SyscallRules.Group>? in
            var group = group
            group.value.calls.removeAll(where: named.contains)
            return group.value.calls.isEmpty ? nil : group
        }
        return kept + upper
    }
}
