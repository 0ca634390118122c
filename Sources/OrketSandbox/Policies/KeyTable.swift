internal import OrketCore

/// The keys of one kind of mapping in a policy or syscall-set file. The decoder checks files against these tables, and a
/// test compares the published JSON Schema with them.
package struct KeyTable: Sendable {
    /// Name of the mapping, and of its definition in the schema.
    package let name: String
    package let keys: [String]
    package let required: [String]

    package static let policy = KeyTable(
        name: "policy",
        keys: [
            "schema", "name", "abstract", "extends", "why", "minimumLevel", "allowDegraded", "limits", "filesystem",
            "environment", "passEnvironment", "network", "syscalls",
        ],
        required: ["schema", "why"])
    package static let degraded = KeyTable(name: "degraded", keys: ["name", "why"], required: ["name", "why"])
    package static let limits = KeyTable(name: "limits", keys: LimitKey.allCases.map(\.rawValue), required: [])
    package static let filesystem = KeyTable(
        name: "filesystem", keys: ["mounts", "symlinks", "files"], required: [])
    package static let mount = KeyTable(
        name: "mount", keys: ["source", "target", "writable", "optional", "executable", "why"],
        required: ["source", "why"])
    package static let symlink = KeyTable(
        name: "symlink", keys: ["path", "target", "why"], required: ["path", "target", "why"])
    package static let file = KeyTable(name: "file", keys: ["path", "text", "why"], required: ["path", "text", "why"])
    package static let variable = KeyTable(
        name: "variable", keys: ["name", "value", "why"], required: ["name", "value", "why"])
    package static let passedVariable = KeyTable(
        name: "passedVariable", keys: ["name", "why"], required: ["name", "why"])
    package static let network = KeyTable(name: "network", keys: ["mode", "why"], required: ["mode", "why"])
    package static let syscalls = KeyTable(
        name: "syscalls", keys: ["sets", "groups", "socketFamilies"], required: [])
    package static let group = KeyTable(
        name: "group", keys: ["name", "why", "action", "calls"], required: ["name", "why", "action", "calls"])
    package static let socketFamily = KeyTable(
        name: "socketFamily", keys: ["family", "why"], required: ["family", "why"])
    package static let syscallSet = KeyTable(
        name: "syscallSet", keys: ["schema", "why", "groups"], required: ["schema", "why", "groups"])

    /// Every table, for the comparison with the schema.
    package static let all = [
        policy, degraded, limits, filesystem, mount, symlink, file, variable, passedVariable, network, syscalls, group,
        socketFamily, syscallSet,
    ]
}
