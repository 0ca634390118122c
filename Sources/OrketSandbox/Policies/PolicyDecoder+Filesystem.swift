internal import OrketCore

extension PolicyDecoder {
    mutating func filesystem(_ node: DocumentNode, into draft: inout PolicyDraft) {
        guard let fields = decoder.fields(node, .filesystem, "filesystem") else { return }
        draft.mounts = decoder.list(fields["mounts"], "mounts").map { mounts($0) }
        draft.symlinks = decoder.list(fields["symlinks"], "symlinks").map { symlinks($0) }
        draft.files = decoder.list(fields["files"], "files").map { files($0) }
    }

    private mutating func mounts(_ nodes: [DocumentNode]) -> [Sourced<Policy.Mount>] {
        var rules: [Sourced<Policy.Mount>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .mount, "a mount") else { continue }
            let source = source(fields["source"])
            let target = mountTarget(fields, source: source)
            let mount = source.flatMap { source in
                target.map { Policy.Mount(source: source, target: $0, why: "") }
            }
            let (writable, optional, executable) = (
                decoder.boolean(fields["writable"], "writable", default: false),
                decoder.boolean(fields["optional"], "optional", default: false),
                decoder.boolean(fields["executable"], "executable", default: true)
            )
            guard var rule = rule(mount, fields) else { continue }
            rule.value = Policy.Mount(
                source: rule.value.source, target: rule.value.target, writable: writable, optional: optional,
                executable: executable, why: rule.why)
            rules.append(rule)
        }
        return unique(rules, "target", \.target)
    }

    /// Without a target the path is the same inside, which only an absolute source can mean.
    private mutating func mountTarget(_ fields: DocumentDecoder.Fields, source: String?) -> String? {
        if let node = fields["target"] { return path(node, "target") }
        if case .scalar(let text, _) = fields["source"]?.content, text.hasPrefix("./") {
            decoder.report(fields.place, "a mount whose source lies beside the policy file needs a `target`")
            return nil
        }
        return source.flatMap { targetPath($0, fields.place) }
    }

    private mutating func symlinks(_ nodes: [DocumentNode]) -> [Sourced<Policy.Symlink>] {
        var rules: [Sourced<Policy.Symlink>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .symlink, "a symlink") else { continue }
            let path = path(fields["path"], "path")
            let target = linkText(fields["target"])
            let link = path.flatMap { path in target.map { Policy.Symlink(path: path, target: $0) } }
            if let rule = rule(link, fields) { rules.append(rule) }
        }
        return unique(rules, "symlink", \.path)
    }

    private mutating func files(_ nodes: [DocumentNode]) -> [Sourced<Policy.TextFile>] {
        var rules: [Sourced<Policy.TextFile>] = []
        for node in nodes {
            guard let fields = decoder.fields(node, .file, "a file") else { continue }
            let path = path(fields["path"], "path")
            let text = decoder.text(fields["text"], "text", mayBeEmpty: true)
            let file = path.flatMap { path in text.map { Policy.TextFile(path: path, text: $0) } }
            if let rule = rule(file, fields) { rules.append(rule) }
        }
        return unique(rules, "file", \.path)
    }

    /// A path to make in the sandbox.
    private mutating func path(_ node: DocumentNode?, _ what: String) -> String? {
        guard let node, let text = decoder.text(node, what) else { return nil }
        return targetPath(text, node.place)
    }

    private mutating func targetPath(_ path: String, _ place: Place) -> String? {
        guard let defect = PathRules.defect(ofTarget: path) else { return path }
        decoder.report(place, defect)
        return nil
    }

    /// A host path: absolute, or `./x` for a path beside the policy file. The working directory of the caller never counts.
    private mutating func source(_ node: DocumentNode?) -> String? {
        guard let node, let text = decoder.text(node, "source") else { return nil }
        guard text.hasPrefix("./") || text.hasPrefix("/") else {
            decoder.report(
                node.place,
                "\(CanonicalText.quote(text)) is not absolute; write ./PATH for a path beside the policy file")
            return nil
        }
        let path = text.hasPrefix("/") ? text : (directory == "/" ? "" : directory) + text.dropFirst()
        guard let defect = PathRules.defect(ofSource: path) else { return path }
        decoder.report(node.place, defect)
        return nil
    }

    /// The text of a link. It is resolved inside the sandbox only, so `..` is harmless here.
    private mutating func linkText(_ node: DocumentNode?) -> String? {
        guard let node, let text = decoder.text(node, "target") else { return nil }
        if text.utf8.count <= 4_095, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) {
            return text
        }
        decoder.report(node.place, "`target` is too long or contains a control character")
        return nil
    }
}
