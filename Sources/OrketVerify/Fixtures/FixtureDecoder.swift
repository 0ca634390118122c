package import OrketCore
import Yams

/// Reads a `fixture.yaml` strictly: all findings at once, each with line and column.
package struct FixtureDecoder {
    private static let maximumFixtureBytes = 256 << 10
    static let maximumSourceBytes = 4 << 20
    static let maximumCaseBytes = 16 << 20
    static let maximumCases = 10_000
    private static let keys = [
        "schema", "id", "kind", "why", "language", "source", "limits", "repeat", "expect", "controls",
    ]
    private static let caseKeys = ["id", "stdin", "stdinFile", "expected", "expectedFile", "expectedExit", "hidden"]

    private enum Kind: String, CaseIterable {
        case cli, function, check, judge, suite, command, http

        /// Keys besides those that every kind has.
        var keys: [String] {
            switch self {
            case .cli: ["compile", "run", "cases"]
            case .function: ["entry", "seed", "cases"]
            case .command: ["files", "setup", "steps"]
            case .http: ["compile", "start", "port", "readyPath", "startWithin", "requests"]
            case .judge: ["compile", "run", "interactive", "judge", "cases"]
            case .check: ["checker", "style", "function", "entries", "module", "hidden"]
            case .suite: ["runner"] + FixtureDecoder.swiftKeys + ["tests", "into", "pinned", "command"]
            }
        }

        /// A driver of the candidate's language calls it.
        var needsDriver: Bool { self == .function || self == .check }
    }

    let file: String
    let directory: FixtureDirectory
    let reading: SourceReading
    var findings: [Finding] = []
    /// The pinned tests of a suite are not read: they are about to be found out.
    let isPinning: Bool

    /// What becomes of the candidate that lies beside the fixture.
    package enum SourceReading: Sendable {
        /// It is judged, so it must be there.
        case required
        /// Nothing is judged but controls: an absent one is an empty one.
        case optional
        /// It is not looked at: `Fixture.judging` puts another in its place.
        case none
    }

    /// Reads the fixture in `file` and the files that it names. `isPinning` leaves the pinned tests of a suite out.
    package static func read(
        _ file: String, source: SourceReading = .required, isPinning: Bool = false
    ) throws(InvalidInput) -> Fixture {
        let bytes = try HostFile.contents(file, maximumBytes: maximumFixtureBytes)
        return try decode(bytes, file: file, source: source, isPinning: isPinning)
    }

    /// The same for a text that is already in memory; files that it names are looked for beside `file`.
    package static func decode(
        _ bytes: [UInt8], file: String, source: SourceReading = .required, isPinning: Bool = false
    ) throws(InvalidInput) -> Fixture {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidInput([Finding(file: file, "no valid UTF-8")])
        }
        let directory = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        var decoder = FixtureDecoder(
            file: file, directory: FixtureDirectory(directory), reading: source, isPinning: isPinning)
        decoder.directory.record(FixtureFinder.fileName, bytes)
        let fixture = try decoder.fixture(root: root(text, file))
        guard decoder.findings.isEmpty, let fixture else {
            // In the order of the text, whatever order it was read in.
            throw InvalidInput(
                decoder.findings.enumerated().sorted {
                    ($0.element.line ?? 0, $0.element.column ?? 0, $0.offset)
                        < ($1.element.line ?? 0, $1.element.column ?? 0, $1.offset)
                }.map(\.element))
        }
        return fixture
    }

    private init(file: String, directory: FixtureDirectory, reading: SourceReading, isPinning: Bool) {
        self.file = file
        self.reading = reading
        self.directory = directory
        self.isPinning = isPinning
    }

    private static func root(_ text: String, _ file: String) throws(InvalidInput) -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch let error as YamlError {
            throw InvalidInput([finding(error, file)])
        } catch {
            throw InvalidInput([Finding(file: file, "bad YAML: \(error)")])
        }
        throw InvalidInput([Finding(file: file, line: 1, column: 1, "an empty document")])
    }

    private static func finding(_ error: YamlError, _ file: String) -> Finding {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            YAMLFields.finding(file, mark, "bad YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            YAMLFields.finding(file, context.mark, "duplicate key \(duplicates.sorted().joined(separator: ", "))")
        default: Finding(file: file, "bad YAML: \(error)")
        }
    }

    private mutating func fixture(root: Node) throws(InvalidInput) -> Fixture? {
        guard var fields = YAMLFields(root, file: file, what: "a fixture", findings: &findings) else { return nil }
        _ = fields.integer("schema", in: 1...1)
        let kind = fields.choice("kind", Kind.self)
        // Of an unknown kind nobody knows the keys.
        if let kind { fields.refuseUnknown(Self.keys + kind.keys) }
        let id = identifier("id", &fields)
        let why = fields.text("why")
        let language = fields.choice("language", Language.self)
        let (source, suite) = self.sources(kind, &fields)
        let repetition = self.repetition(fields.node("repeat"))
        if let kind, let language, kind.needsDriver, !Drivers.exists(for: language) {
            fields.note(
                "the kind \(kind.rawValue) has no driver for \(language.rawValue); there is one for \(Drivers.languages)",
                at: fields.mark("language"))
        }
        let body = kind.flatMap { self.body($0, &fields, language: language, source: source?.file, suite: suite) }
        findings += fields.findings
        let limits = self.limits(fields.node("limits"))
        let expect = fields.node("expect").flatMap { self.expectation($0) }
        let controls = self.controls(
            fields.node("controls"), language: language, source: source?.name, isSuite: kind == .suite)
        guard let id, let why, let language, let source, let repetition, let body else { return nil }
        return Fixture(
            id: id, why: why, language: language, source: source.file, sourceName: source.name,
            candidate: source.candidate, limits: limits, repetition: repetition, expect: expect, file: file, body: body,
            controls: controls, content: directory.content)
    }

    private mutating func body(
        _ kind: Kind, _ fields: inout YAMLFields, language: Language?, source: InputFile?, suite: [InputFile]?
    ) -> Fixture.Body? {
        switch kind {
        case .cli:
            let compile = fields.has("compile") ? fields.arguments("compile") : nil
            let run = fields.arguments("run")
            let cases = self.cases(fields.node("cases"), missingAt: fields.mark("cases")) { $0.item($1) }
            return run.map { .cli(CLIBody(compile: compile, run: $0, cases: cases)) }
        case .function: return functionBody(&fields).map { .function($0) }
        case .http: return httpBody(&fields).map { .http($0) }
        case .command: return commandBody(&fields, source: source).map { .command($0) }
        case .judge: return judgeBody(&fields).map { .judge($0) }
        case .check: return checkBody(&fields, source: source).map { .check($0) }
        case .suite: return suiteBody(&fields, language: language, candidate: suite).map { .suite($0) }
        }
    }

    /// `repeat: {runs: n, passes: k}`.
    private mutating func repetition(_ node: Node?) -> Fixture.Repetition? {
        var repetition = Fixture.Repetition()
        guard let node else { return repetition }
        guard var fields = YAMLFields(node, file: file, what: "'repeat'", findings: &findings) else { return nil }
        fields.refuseUnknown(["runs", "passes"])
        let runs = fields.integer("runs", in: 1...100)
        let passes = fields.has("passes") ? fields.integer("passes", in: 1...100) : runs
        if let runs, let passes, passes > runs {
            fields.note("'passes' must be at most 'runs'", at: fields.mark("passes"))
        }
        findings += fields.findings
        guard let runs, let passes else { return nil }
        (repetition.runs, repetition.passes) = (runs, passes)
        return repetition
    }

    func identifier(_ name: String, _ fields: inout YAMLFields) -> String? {
        guard let id = fields.text(name) else { return nil }
        let allowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if !id.isEmpty, id.utf8.count <= 64, id.utf8.allSatisfy(allowed) { return id }
        fields.note("'\(name)' must have 1 to 64 of a-z, 0-9 and '-'", at: fields.node(name)?.mark)
        return nil
    }

    /// The candidate, and all files of it where it may be a directory: the first then stands for the directory.
    private mutating func sources(
        _ kind: Kind?, _ fields: inout YAMLFields
    ) -> (source: (file: InputFile, candidate: String, name: String)?, all: [InputFile]?) {
        guard kind == .suite else { return (source(&fields), nil) }
        guard let found = suiteCandidate(&fields) else { return (nil, nil) }
        return ((found.stand, found.candidate, found.name), found.files)
    }

    /// The candidate. It is what is judged, so no part of the fixture, unless it is the reference as well.
    func source(_ fields: inout YAMLFields) -> (file: InputFile, candidate: String, name: String)? {
        let mark = fields.node("source")?.mark
        guard let name = fields.text("source") else { return nil }
        if let problem = WorkspacePath.problem(name) {
            fields.note("'source' is \(problem): '\(name.jsonEscaped)'", at: mark)
            return nil
        }
        let path = directory.path + "/" + name
        if reading == .none || reading == .optional && HostFile.kind(path) == .missing {
            return (InputFile(path: Self.baseName(name), bytes: []), path, name)
        }
        do throws(InvalidInput) {
            let bytes = try HostFile.contents(path, maximumBytes: Self.maximumSourceBytes)
            return (InputFile(path: Self.baseName(name), bytes: bytes), path, name)
        } catch {
            for finding in error.findings {
                fields.note("'source': \(finding.message): '\(name.jsonEscaped)'", at: mark)
            }
            return nil
        }
    }

    static func baseName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    mutating func limits(_ node: Node?) -> [LimitKey: UInt64] {
        guard let node, let fields = YAMLFields(node, file: file, what: "'limits'", findings: &findings) else {
            return [:]
        }
        var unknown = fields
        unknown.refuseUnknown(LimitKey.allCases.map(\.rawValue))
        findings += unknown.findings
        var limits: [LimitKey: UInt64] = [:]
        for key in LimitKey.allCases {
            guard let value = fields.node(key.rawValue) else { continue }
            guard case .scalar(let scalar) = value else {
                findings.append(YAMLFields.finding(file, value.mark, "'\(key.rawValue)' must be a value with its unit"))
                continue
            }
            switch LimitParser.parse(scalar.string, for: key) {
            case .success(let limit): limits[key] = limit
            case .failure(let problem): findings.append(YAMLFields.finding(file, value.mark, "\(problem)"))
            }
        }
        return limits
    }

    /// A list of cases with ids of their own, each read by `read`.
    mutating func cases<Item: FixtureCase>(
        _ node: Node?, missingAt mark: Mark?, key: String = "cases", _ read: (inout FixtureDecoder, Node) -> Item?
    ) -> [Item] {
        guard let node else {
            findings.append(YAMLFields.finding(file, mark, "missing key '\(key)'"))
            return []
        }
        guard case .sequence(let sequence) = node, (1...Self.maximumCases).contains(sequence.count) else {
            let sentence = "'\(key)' must be a list of 1 to \(Self.maximumCases) \(key)"
            findings.append(YAMLFields.finding(file, node.mark, sentence))
            return []
        }
        var cases: [Item] = []
        var ids: Set<String> = []
        for node in sequence {
            guard let item = read(&self, node) else { continue }
            if !ids.insert(item.id).inserted {
                findings.append(
                    YAMLFields.finding(file, node.mark, "duplicate \(key == "cases" ? "case id" : "id") '\(item.id)'"))
            }
            cases.append(item)
        }
        return cases
    }

    private mutating func item(_ node: Node) -> CLIBody.Case? {
        guard var fields = YAMLFields(node, file: file, what: "a case", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.caseKeys)
        let id = identifier("id", &fields)
        let stdin = fields.bytes(
            "stdin", orFile: "stdinFile", required: false, maximumBytes: Self.maximumCaseBytes, directory: directory)
        let expected = fields.bytes(
            "expected", orFile: "expectedFile", required: true, maximumBytes: Self.maximumCaseBytes,
            directory: directory)
        let exit = fields.has("expectedExit") ? fields.integer("expectedExit", in: 0...255) : 0
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        findings += fields.findings
        guard let id, let stdin, let expected, let exit, let isHidden else { return nil }
        return CLIBody.Case(
            id: id, stdin: stdin, expected: expected, expectedExit: Int32(exit), isHidden: isHidden,
            line: node.mark?.line ?? 1)
    }

    private mutating func expectation(_ node: Node) -> Expectation? {
        guard var fields = YAMLFields(node, file: file, what: "'expect'", findings: &findings) else { return nil }
        fields.refuseUnknown(["outcome", "reason"])
        let outcome = fields.choice("outcome", Outcome.self)
        let reason = fields.has("reason") ? fields.choice("reason", ReasonCode.self) : nil
        if let outcome, outcome != .passed, !fields.has("reason") {
            fields.note("'reason' is missing: an outcome other than passed has one", at: fields.mark("outcome"))
        }
        if outcome == .passed, fields.has("reason") {
            fields.note("'reason' must be absent: passed has none", at: fields.mark("reason"))
        }
        findings += fields.findings
        return outcome.map { Expectation(outcome: $0, reason: reason) }
    }
}
