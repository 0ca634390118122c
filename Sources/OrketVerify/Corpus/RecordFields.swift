import OrketCore

/// Typed access to the members of one corpus record that collects every defect instead of stopping at the first. A
/// member that is null counts as absent.
struct RecordFields {
    private static let maximumExtraFiles = 1_000
    private static let maximumCases = 10_000

    private let members: [String: JSONValue]
    private let names: [String]
    private(set) var problems: [String] = []

    init(_ members: [JSONValue.Member]) {
        names = members.map(\.name)
        self.members = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) }).filter {
            $0.value != .null
        }
    }

    mutating func note(_ problem: String) { problems.append(problem) }

    func has(_ name: String) -> Bool { members[name] != nil }

    func isFilledList(_ name: String) -> Bool {
        if case .array(let elements) = members[name] { !elements.isEmpty } else { false }
    }

    mutating func refuseUnknown(_ known: Set<String>) {
        for name in names where !known.contains(name) { note("unknown key '\(name.jsonEscaped)'") }
    }

    mutating func refuseClashes(_ paths: [String?]) {
        for name in WorkspacePath.clashes(paths.compactMap { $0 }) { note("duplicate file name '\(name)'") }
    }

    mutating func text(_ name: String) -> String? {
        switch members[name] {
        case nil: note("missing key '\(name)'")
        case .string(let text): return text
        case .some(let value): note("'\(name)' must be a string, not \(value.typeName)")
        }
        return nil
    }

    mutating func optionalText(_ name: String) -> String? { has(name) ? text(name) : nil }

    mutating func path(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        guard let problem = WorkspacePath.problem(path) else { return path }
        note("'\(name)' is \(problem): '\(path.jsonEscaped)'")
        return nil
    }

    mutating func optionalPath(_ name: String) -> String? { has(name) ? path(name) : nil }

    mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, _ type: Choice.Type, _ hint: String
    ) -> Choice? {
        guard let text = text(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        note("bad \(name) '\(text.jsonEscaped)': \(hint)")
        return nil
    }

    /// A list of 1 to 256 strings without NUL, the first not empty.
    mutating func arguments(_ name: String) -> [String]? {
        guard let value = members[name] else {
            note("missing key '\(name)'")
            return nil
        }
        guard case .array(let elements) = value, elements.allSatisfy({ $0.string != nil }) else {
            note("'\(name)' must be an array of strings")
            return nil
        }
        let words = elements.compactMap(\.string)
        if let problem = ArgumentList.problem(words) {
            note("'\(name)' \(problem)")
            return nil
        }
        return words
    }

    mutating func extraFiles(_ name: String) -> [CorpusRecord.ExtraFile] {
        guard let value = members[name] else { return [] }
        guard case .object(let files) = value else {
            note("'\(name)' must be an object of name and text, not \(value.typeName)")
            return []
        }
        if files.count > Self.maximumExtraFiles {
            note("'\(name)' has more than \(Self.maximumExtraFiles) files")
            return []
        }
        var found: [CorpusRecord.ExtraFile] = []
        for file in files {
            if let problem = WorkspacePath.problem(file.name) {
                note("'\(name)' has \(problem): '\(file.name.jsonEscaped)'")
            } else if let text = file.value.string {
                found.append(CorpusRecord.ExtraFile(name: file.name, text: text))
            } else {
                note("'\(name)' of '\(file.name)' must be a string, not \(file.value.typeName)")
            }
        }
        return found
    }

    mutating func cases(_ name: String) -> [CorpusRecord.Case] {
        guard let value = members[name] else { return [] }
        guard case .array(let elements) = value else {
            note("'\(name)' must be an array, not \(value.typeName)")
            return []
        }
        if elements.count > Self.maximumCases {
            note("'\(name)' has more than \(Self.maximumCases) entries")
            return []
        }
        return elements.enumerated().compactMap { index, element in caseValue(element, "\(name)[\(index)]") }
    }

    private mutating func caseValue(_ element: JSONValue, _ place: String) -> CorpusRecord.Case? {
        guard case .object(let members) = element else {
            note("'\(place)' must be an object, not \(element.typeName)")
            return nil
        }
        for member in members where member.name != "stdin" && member.name != "expected_stdout" {
            note("unknown key '\(member.name.jsonEscaped)' in '\(place)'")
        }
        guard let stdin = element["stdin"]?.string, let expected = element["expected_stdout"]?.string else {
            note("'\(place)' must have the strings 'stdin' and 'expected_stdout'")
            return nil
        }
        return CorpusRecord.Case(stdin: stdin, expectedStdout: expected)
    }
}

/// What an argument list may be.
enum ArgumentList {
    /// Why `words` cannot be executed, or nil when they can: 1 to 256 words, the first not empty, none with NUL.
    static func problem(_ words: [String]) -> String? {
        if words.isEmpty { return "must not be an empty argument list" }
        if words.count > 256 { return "has more than 256 arguments" }
        if words[0].isEmpty { return "names no program" }
        if words.contains(where: { $0.utf8.contains(0) }) { return "has an argument with NUL" }
        return nil
    }
}
