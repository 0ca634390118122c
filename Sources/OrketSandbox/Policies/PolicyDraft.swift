internal import OrketCore

/// A value of a policy file with its reason and its place.
struct Sourced<Value: Sendable>: Sendable {
    var value: Value
    var why: String
    var place: Place
    /// Name of the policy (or syscall set) whose file says so.
    var policy: String

    /// The same place and reason with another value.
    func with<Other>(_ other: Other) -> Sourced<Other> {
        Sourced<Other>(value: other, why: why, place: place, policy: policy)
    }
}

/// What one policy file says, before inheritance. Nil: the file does not speak of it. An empty list: nothing is allowed, also
/// not what the parent allows.
struct PolicyDraft: Sendable {
    var name: String
    var file: String
    var place: Place
    var why = ""
    /// Only a foundation for others: never loadable itself.
    var isAbstract = false
    var extends: Sourced<String>?
    var minimumLevel: Sourced<IsolationLevel>?
    var allowDegraded: [Sourced<Protection>]?
    var limits: [LimitKey: Sourced<UInt64>] = [:]
    var mounts: [Sourced<Policy.Mount>]?
    var symlinks: [Sourced<Policy.Symlink>]?
    var files: [Sourced<Policy.TextFile>]?
    var environment: [Sourced<EnvironmentVariable>]?
    var passEnvironment: [Sourced<String>]?
    var network: Sourced<Policy.Network>?
    var sets: [Sourced<String>]?
    var groups: [Sourced<SyscallRules.Group>]?
    var socketFamilies: [Sourced<SyscallRules.SocketFamily>]?
}

struct EnvironmentVariable: Sendable {
    var name: String
    var value: String
}
