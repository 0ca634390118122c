package import OrketCore

/// The directory of policies: lists them, and loads one by name or by path.
///
/// Theory of operation: file -> document (`DocumentReader`) -> draft (`PolicyDecoder`), once for each file of the `extends`
/// chain; chain -> one draft (`PolicyMerge`), checked as a whole (`PolicyChecks`), brought into order (`PolicyAssembly`). All
/// but this file and `HostFile` is pure. Every stage reports all its findings; a later stage starts only when the earlier
/// ones found nothing, since it would find the same defects again in another form.
package struct PolicyStore: Sendable {
    /// Longest chain of `extends`.
    static let maximumDepth = 8

    /// Absolute path of the directory.
    package let directory: String
    private let syscallNames: SyscallNames

    /// A store over `directory`, an absolute path. `syscallNames` tells which system calls exist.
    package init(directory: String, syscallNames: SyscallNames = .libseccomp) {
        self.directory = directory
        self.syscallNames = syscallNames
    }

    /// Names of all policies that the directory has, sorted: loadable ones, so without `base`.
    package func names() -> [String] {
        let top = HostFile.entries(of: directory).compactMap(Self.stem).filter { $0 != "base" }
        let folders = HostFile.entries(of: directory).filter { PolicyName.isComponent($0) && $0 != "syscalls" }
        let nested = folders.flatMap { folder in
            HostFile.entries(of: "\(directory)/\(folder)").compactMap(Self.stem).map { "\(folder)/\($0)" }
        }
        return (top + nested).filter(PolicyName.isValid).sorted()
    }

    /// The effective policy of a name (`default`, `toolchains/cpp`) or of a file path.
    package func load(_ nameOrPath: String) throws(InvalidInput) -> Policy {
        try assemble(nameOrPath, allowsFoundation: false).assembly.policy
    }

    /// As `load`, with the origin of every rule. A foundation (`base`) is refused unless `allowsFoundation`, which is only for
    /// checking files.
    package func resolve(_ nameOrPath: String, allowsFoundation: Bool = false) throws(InvalidInput) -> ResolvedPolicy {
        let (assembly, chain) = try assemble(nameOrPath, allowsFoundation: allowsFoundation)
        return assembly.resolved(chain: chain)
    }

    private func assemble(
        _ nameOrPath: String, allowsFoundation: Bool
    ) throws(InvalidInput) -> (assembly: PolicyAssembly, chain: [PolicyDraft]) {
        let path = try path(of: nameOrPath)
        var loader = ChainLoader(store: self, syscallNames: syscallNames)
        loader.load(path)
        if let leaf = loader.chain.last, leaf.isAbstract, !allowsFoundation {
            loader.findings.append(
                leaf.place.finding(
                    "`\(leaf.name)` is a foundation for other policies and cannot be used itself; try `default`"))
        }
        guard !loader.chain.isEmpty else { throw InvalidInput(loader.findings) }

        let draft = PolicyMerge.merge(loader.chain)
        // Also where something is wrong already: all findings come at once.
        let sets = loader.groups(ofSets: draft.sets ?? [])
        guard loader.findings.isEmpty else { throw InvalidInput(loader.findings) }
        let groups = PolicyMerge.overriding(sets, by: draft.groups ?? [])
        var findings = PolicyChecks.overlaps(sets) + PolicyChecks.overlaps(draft.groups ?? [])
        if findings.isEmpty { findings = PolicyChecks.findings(draft, groups: groups) }
        guard findings.isEmpty else { throw InvalidInput(findings) }
        return (PolicyAssembly(draft: draft, groups: groups), loader.chain)
    }

    // MARK: - Names and paths

    /// Name of the policy in a file: its path in the store, else the stem of the file.
    func name(ofFile path: String) -> String {
        let inside = PathRules.contains(directory, path) ? String(path.dropFirst(directory.utf8.count + 1)) : ""
        if let stem = Self.stem(inside), PolicyName.isValid(stem) { return stem }
        let file = String(path.split(separator: "/").last ?? "")
        return Self.stem(file) ?? file
    }

    func file(ofName name: String) -> String { "\(directory)/\(name).yaml" }

    private func path(of nameOrPath: String) throws(InvalidInput) -> String {
        if PolicyName.isPath(nameOrPath) { return nameOrPath }
        guard PolicyName.isValid(nameOrPath), HostFile.isRegular(file(ofName: nameOrPath)) else {
            throw InvalidInput([Finding(file: nameOrPath, "no such policy; known: \(names().joined(separator: ", "))")])
        }
        return file(ofName: nameOrPath)
    }

    private static func stem(_ file: String) -> String? {
        for suffix in [".yaml", ".yml", ".json"] where file.hasSuffix(suffix) && file.utf8.count > suffix.utf8.count {
            return String(file.dropLast(suffix.count))
        }
        return nil
    }
}
