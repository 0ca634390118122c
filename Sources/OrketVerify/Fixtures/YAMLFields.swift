import OrketCore
import Yams

/// Typed access to one YAML mapping that collects every defect with its place.
struct YAMLFields {
    private let file: String
    private let place: Mark?
    private let entries: [(key: String, mark: Mark?, value: Node)]
    private(set) var findings: [Finding] = []

    /// Nil, with a finding, when `node` is no mapping with plain keys.
    init?(_ node: Node, file: String, what: String, findings: inout [Finding]) {
        guard case .mapping(let mapping) = node else {
            findings.append(Self.finding(file, node.mark, "\(what) must be a mapping"))
            return nil
        }
        self.file = file
        place = mapping.mark
        var entries: [(String, Mark?, Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                findings.append(Self.finding(file, key.mark, "a key must be a plain word"))
                continue
            }
            entries.append((name.string, name.mark, value))
        }
        self.entries = entries
    }

    static func finding(_ file: String, _ mark: Mark?, _ message: String) -> Finding {
        Finding(file: file, line: mark?.line, column: mark?.column, message)
    }

    mutating func note(_ message: String, at mark: Mark?) {
        findings.append(Self.finding(file, mark ?? place, message))
    }

    mutating func add(_ more: [Finding]) { findings += more }

    func node(_ name: String) -> Node? { entries.first { $0.key == name }?.value }

    func mark(_ name: String) -> Mark? { entries.first { $0.key == name }?.mark ?? place }

    func has(_ name: String) -> Bool { node(name) != nil }

    mutating func refuseUnknown(_ known: [String]) {
        for entry in entries where !known.contains(entry.key) {
            note("unknown key '\(entry.key.jsonEscaped)'; known are \(known.joined(separator: ", "))", at: entry.mark)
        }
    }

    /// A string; numbers, booleans and null must be quoted to count as one.
    mutating func text(_ name: String) -> String? {
        guard let node = node(name) else {
            note("missing key '\(name)'", at: place)
            return nil
        }
        return string(node, "'\(name)'")
    }

    mutating func string(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            note("\(what) must be a string", at: node.mark)
            return nil
        }
        if node.tag.rawValue == Tag.Name.str.rawValue { return scalar.string }
        note("\(what) must be a string: put quotes around \(scalar.string.jsonEscaped)", at: node.mark)
        return nil
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(name) else {
            note("missing key '\(name)'", at: place)
            return nil
        }
        if case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) { return value }
        let wanted =
            range.count == 1 ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        note("'\(name)' must be \(wanted)", at: node.mark)
        return nil
    }

    mutating func flag(_ name: String) -> Bool? {
        if let node = node(name), case .scalar(let scalar) = node, node.tag.rawValue == Tag.Name.bool.rawValue {
            if scalar.string == "true" { return true }
            if scalar.string == "false" { return false }
        }
        note("'\(name)' must be true or false", at: mark(name))
        return nil
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) -> Choice? {
        guard let text = text(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        note("bad \(name) '\(text.jsonEscaped)'; known are \(known)", at: node(name)?.mark)
        return nil
    }

    mutating func arguments(_ name: String) -> [String]? {
        guard let node = node(name) else {
            note("missing key '\(name)'", at: place)
            return nil
        }
        guard case .sequence(let sequence) = node else {
            note("'\(name)' must be a list of strings", at: node.mark)
            return nil
        }
        let words = sequence.compactMap { string($0, "an argument of '\(name)'") }
        if words.count < sequence.count { return nil }
        if let problem = ArgumentList.problem(words) {
            note("'\(name)' \(problem)", at: node.mark)
            return nil
        }
        return words
    }

    /// The bytes of `inline`, or of the file that `fileKey` names beside the fixture; a finding when both are given, or
    /// neither and `required`.
    mutating func bytes(
        _ inline: String, orFile fileKey: String, required: Bool, maximumBytes: Int, directory: FixtureDirectory
    ) -> [UInt8]? {
        switch (has(inline), has(fileKey)) {
        case (true, true):
            note("give '\(inline)' or '\(fileKey)', not both", at: mark(fileKey))
            return nil
        case (false, false):
            if required { note("'\(inline)' or '\(fileKey)' is missing", at: place) }
            return required ? nil : []
        case (true, false): return text(inline).map { Array($0.utf8) }
        case (false, true): return fileBytes(fileKey, maximumBytes: maximumBytes, directory: directory)?.bytes
        }
    }

    /// The file beside the fixture that `name` names by a clean relative path.
    mutating func fileBytes(
        _ name: String, maximumBytes: Int, directory: FixtureDirectory
    ) -> (path: String, bytes: [UInt8])? {
        guard let node = node(name) else {
            note("missing key '\(name)'", at: place)
            return nil
        }
        return fileBytes(node, "'\(name)'", maximumBytes: maximumBytes, directory: directory)
    }

    /// The same for a node that is no value of a key; `what` names it in findings.
    mutating func fileBytes(
        _ node: Node, _ what: String, maximumBytes: Int, directory: FixtureDirectory
    ) -> (path: String, bytes: [UInt8])? {
        guard let path = string(node, what) else { return nil }
        if let problem = WorkspacePath.problem(path) {
            note("\(what) is \(problem): '\(path.jsonEscaped)'", at: node.mark)
            return nil
        }
        do throws(InvalidInput) {
            return (path, try directory.contents(path, maximumBytes: maximumBytes))
        } catch {
            for finding in error.findings { note("\(what): \(finding.message): '\(path.jsonEscaped)'", at: node.mark) }
            return nil
        }
    }
}
