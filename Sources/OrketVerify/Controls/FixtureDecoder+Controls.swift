import OrketCore
import Yams

extension FixtureDecoder {
    private static let maximumControlBytes = 4 << 20
    private static let maximumBroken = 64
    private static let maximumEquivalent = 1_000
    private static let controlKeys = ["reference", "broken", "baseline", "empty", "mutants"]

    /// `controls:`, where there are any. `source` is the path of the candidate as the fixture names it.
    /// Those of a suite may be directories.
    mutating func controls(_ node: Node?, language: Language?, source: String?, isSuite: Bool) -> Controls? {
        guard let node,
            var fields = YAMLFields(node, file: file, what: "'controls'", findings: &findings)
        else { return nil }
        fields.refuseUnknown(Self.controlKeys)
        let reference =
            fields.has("reference") ? control("reference", &fields, isSuite) : sourceControl(source, &fields, isSuite)
        let broken = brokenControls(&fields, isSuite)
        let baseline = fields.has("baseline") ? control("baseline", &fields, isSuite) : nil
        let empty = fields.has("empty") ? fields.flag("empty") : true
        noteRepetitions(broken + [baseline].compactMap { $0 }, reference, &fields)
        findings += fields.findings
        let mutants = mutantRules(fields.node("mutants"), language: language)
        guard let reference, let empty, let mutants else { return nil }
        return Controls(
            reference: reference, broken: broken, baseline: baseline, empty: empty, mutants: mutants,
            line: node.mark?.line ?? 1)
    }

    private func control(_ key: String, _ fields: inout YAMLFields, _ isSuite: Bool) -> ControlFile? {
        if isSuite, let path = directoryPath(fields.node(key)) { return tree(path, key, &fields) }
        return fields.fileBytes(key, maximumBytes: Self.maximumControlBytes, directory: directory)
            .map { ControlFile(path: $0.path, bytes: $0.bytes) }
    }

    /// The path that `node` gives, when there is a directory.
    private func directoryPath(_ node: Node?) -> String? {
        guard case .scalar(let scalar)? = node, WorkspacePath.problem(scalar.string) == nil,
            HostFile.kind(directory.path + "/" + scalar.string) == .directory
        else { return nil }
        return scalar.string
    }

    /// A directory as a candidate; its files are content of the fixture.
    private func tree(_ path: String, _ key: String, _ fields: inout YAMLFields) -> ControlFile? {
        guard let files = imported(directory.path + "/" + path, Self.candidateLimits, key, &fields) else { return nil }
        for file in files where file.kind == .file { directory.record(path + "/" + file.path, file.bytes) }
        return ControlFile(path: path, bytes: [], tree: files)
    }

    /// Without a `reference` the file that `source` names is it, also while another candidate is judged.
    private func sourceControl(_ source: String?, _ fields: inout YAMLFields, _ isSuite: Bool) -> ControlFile? {
        guard let source else { return nil }
        if isSuite, HostFile.kind(directory.path + "/" + source) == .directory {
            return tree(source, "reference", &fields)
        }
        do throws(InvalidInput) {
            let bytes = try directory.contents(source, maximumBytes: Self.maximumControlBytes)
            return ControlFile(path: source, bytes: bytes)
        } catch {
            for finding in error.findings {
                fields.note("'reference' is absent, and so is 'source': \(finding.message)", at: nil)
            }
            return nil
        }
    }

    private func brokenControls(_ fields: inout YAMLFields, _ isSuite: Bool) -> [ControlFile] {
        guard let node = fields.node("broken") else { return [] }
        guard case .sequence(let sequence) = node, (1...Self.maximumBroken).contains(sequence.count) else {
            fields.note("'broken' must be a list of 1 to \(Self.maximumBroken) files", at: node.mark)
            return []
        }
        return sequence.compactMap { item in
            if isSuite, let path = directoryPath(item) { return tree(path, "broken", &fields) }
            return fields.fileBytes(
                item, "an element of 'broken'", maximumBytes: Self.maximumControlBytes, directory: directory
            ).map { ControlFile(path: $0.path, bytes: $0.bytes) }
        }
    }

    /// The same content cannot both pass and fail, and says nothing new the second time.
    private func noteRepetitions(_ negative: [ControlFile], _ reference: ControlFile?, _ fields: inout YAMLFields) {
        func content(_ control: ControlFile) -> [InputFile] {
            control.tree ?? [InputFile(path: "", bytes: control.bytes)]
        }
        var seen: [[InputFile]: String] = [:]
        if let reference { seen[content(reference)] = reference.path }
        for item in negative {
            if let first = seen[content(item)] {
                let names = "'\(item.path.jsonEscaped)' has the content of '\(first.jsonEscaped)'"
                fields.note("\(names): a control must differ from the others", at: fields.mark("broken"))
            }
            seen[content(item)] = seen[content(item)] ?? item.path
        }
    }

    private mutating func mutantRules(_ node: Node?, language: Language?) -> MutantRules? {
        var rules = MutantRules()
        guard let node else { return rules }
        guard var fields = YAMLFields(node, file: file, what: "'mutants'", findings: &findings) else { return nil }
        fields.refuseUnknown(["minimumScore", "maximum", "equivalent"])
        if fields.has("minimumScore") { rules.minimumScore = score(&fields) }
        if fields.has("maximum") { rules.maximum = fields.integer("maximum", in: 1...10_000) ?? rules.maximum }
        if let list = fields.node("equivalent") { rules.equivalent = equivalent(list, &fields) }
        if let language, !Drivers.mutates(language) {
            fields.note(
                "there are no mutants for \(language.rawValue); there are for \(Drivers.mutableLanguages)",
                at: node.mark)
        }
        findings += fields.findings
        return rules
    }

    private func score(_ fields: inout YAMLFields) -> Double? {
        guard let node = fields.node("minimumScore") else { return nil }
        if case .scalar(let scalar) = node, let value = Double(scalar.string), value > 0, value <= 1 { return value }
        fields.note("'minimumScore' must be a number above 0, and at most 1", at: node.mark)
        return nil
    }

    private func equivalent(_ node: Node, _ fields: inout YAMLFields) -> [String] {
        guard case .sequence(let sequence) = node, sequence.count <= Self.maximumEquivalent else {
            fields.note("'equivalent' must be a list of at most \(Self.maximumEquivalent) ids", at: node.mark)
            return []
        }
        var ids: [String] = []
        for item in sequence {
            guard let id = fields.string(item, "an id of 'equivalent'") else { continue }
            if ids.contains(id) { fields.note("'\(id.jsonEscaped)' stands in 'equivalent' twice", at: item.mark) }
            ids.append(id)
        }
        return ids
    }
}
