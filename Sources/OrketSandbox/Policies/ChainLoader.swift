internal import OrketCore
internal import OrketDocuments

/// Reads a policy file and, one after the other, the files that it extends.
struct ChainLoader {
    let store: PolicyStore
    let syscallNames: SyscallNames
    /// Foundation first.
    private(set) var chain: [PolicyDraft] = []
    var findings: [Finding] = []

    init(store: PolicyStore, syscallNames: SyscallNames) {
        self.store = store
        self.syscallNames = syscallNames
    }

    /// Fills `chain` and `findings`. A file with findings still leads on to its parent, so that both files' come together.
    mutating func load(_ path: String) {
        var next: (path: String, from: Place?) = (path, nil)
        var visited: [String] = []
        while true {
            guard let file = realPath(next.path, from: next.from) else { return }
            if visited.contains(file) {
                report(next.from, file, "`extends` runs in a circle: \((visited + [file]).joined(separator: " -> "))")
                return
            }
            visited.append(file)
            if visited.count > PolicyStore.maximumDepth {
                report(next.from, file, "the chain of `extends` is longer than \(PolicyStore.maximumDepth) files")
                return
            }
            // Findings name the file as the caller wrote it.
            guard let draft = draft(file, shownAs: next.from == nil ? next.path : file) else { return }
            chain.insert(draft, at: 0)
            guard let parent = draft.extends, let target = target(of: parent, in: directory(of: file)) else { return }
            next = (target, parent.place)
        }
    }

    /// The groups of the named sets, in order.
    mutating func groups(ofSets sets: [Sourced<String>]) -> [Sourced<SyscallRules.Group>] {
        var groups: [Sourced<SyscallRules.Group>] = []
        for set in sets {
            let path = store.file(ofName: "syscalls/\(set.value)")
            guard HostFile.isRegular(path) else {
                findings.append(
                    set.place.finding("no syscall set \(CanonicalText.quote(set.value)) in \(store.directory)/syscalls")
                )
                continue
            }
            guard let root = document(path, shownAs: path) else { continue }
            var decoder = self.decoder(path, shownAs: path)
            groups += decoder.syscallSet(root)
            findings += decoder.decoder.findings
        }
        return groups
    }

    // MARK: - One file

    private mutating func draft(_ file: String, shownAs shown: String) -> PolicyDraft? {
        guard let root = document(file, shownAs: shown) else { return nil }
        var decoder = self.decoder(file, shownAs: shown)
        let draft = decoder.policy(root)
        findings += decoder.decoder.findings
        return draft
    }

    private mutating func document(_ file: String, shownAs shown: String) -> DocumentNode? {
        do {
            let bytes = try HostFile.read(file, limit: DocumentLimits.policy.bytes)
            let (root, found) = DocumentReader.read(bytes, file: shown)
            findings += found
            return root
        } catch {
            findings.append(Finding(file: shown, error.message))
            return nil
        }
    }

    private func decoder(_ file: String, shownAs shown: String) -> PolicyDecoder {
        PolicyDecoder(
            name: store.name(ofFile: file), file: shown, directory: directory(of: file), syscallNames: syscallNames)
    }

    /// Where `extends` leads: a policy of the store, an absolute path, or `./x` beside the file that says so.
    private mutating func target(of parent: Sourced<String>, in directory: String) -> String? {
        let text = parent.value
        if PolicyName.isValid(text) {
            if HostFile.isRegular(store.file(ofName: text)) { return store.file(ofName: text) }
            findings.append(
                parent.place.finding("`extends` names \(CanonicalText.quote(text)), and there is no such policy"))
            return nil
        }
        let path = text.hasPrefix("./") ? directory + text.dropFirst() : text
        if let defect = PathRules.defect(ofAbsolute: path) {
            findings.append(
                parent.place.finding("`extends` is neither a policy's name nor ./FILE nor an absolute path: \(defect)"))
            return nil
        }
        return path
    }

    private mutating func realPath(_ path: String, from place: Place?) -> String? {
        do {
            return try HostFile.realPath(path)
        } catch {
            report(place, path, place == nil ? error.message : "`extends`: \(path) \(error.message)")
            return nil
        }
    }

    private mutating func report(_ place: Place?, _ file: String, _ message: String) {
        findings.append(place?.finding(message) ?? Finding(file: file, message))
    }

    private func directory(of file: String) -> String {
        let end = file.lastIndex(of: "/") ?? file.startIndex
        return end == file.startIndex ? "/" : String(file[..<end])
    }
}
