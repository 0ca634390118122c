package import OrketCore

/// Decodes corpus lines strictly and remembers what it saw: every defect of every line becomes a finding, none stops
/// it.
package struct CorpusDecoder {
    private let file: String
    private var lineOfID: [String: Int] = [:]
    package private(set) var records: [CorpusRecord] = []
    package private(set) var findings: [Finding] = []

    private static let informational: Set = ["expected_kind", "mutation", "raw_model_output", "source", "licence"]
    private static let meaningful: Set = [
        "id", "language", "join", "candidate_source", "candidate_file", "test_source", "test_file", "extra_files",
        "compile", "run", "cases", "expected_verdict",
    ]

    /// A decoder whose findings name `file`.
    package init(file: String) { self.file = file }

    /// Decodes one line into `records`, or adds to `findings`.
    package mutating func decode(_ line: LineSplitter.Line, maximumBytes: Int) {
        if line.tooLong {
            note(line, "a line longer than \(maximumBytes) bytes")
            return
        }
        let value: JSONValue
        do {
            value = try StrictJSON.parse(line.bytes)
        } catch {
            note(line, "bad JSON: \(error.message)", column: error.offset + 1)
            return
        }
        guard case .object(let members) = value else {
            note(line, "a record must be an object, not \(value.typeName)")
            return
        }
        var fields = RecordFields(members)
        let record = read(&fields, of: line)
        fields.refuseUnknown(Self.meaningful.union(Self.informational))
        for problem in fields.problems { note(line, problem) }
        if let record, fields.problems.isEmpty { records.append(record) }
    }

    private mutating func note(_ line: LineSplitter.Line, _ message: String, column: Int? = nil) {
        findings.append(Finding(file: file, line: line.number, column: column, message))
    }

    private mutating func read(_ fields: inout RecordFields, of line: LineSplitter.Line) -> CorpusRecord? {
        let id = identifier(&fields, of: line)
        let language = fields.choice("language", Language.self, "known are \(Language.names)")
        let join = fields.choice("join", CorpusRecord.Join.self, "known are import, concat, stdio")
        let candidateSource = fields.text("candidate_source")
        let candidateFile = fields.path("candidate_file")
        let testSource = join == .stdio ? fields.optionalText("test_source") : fields.text("test_source")
        let testFile = join == .import ? fields.path("test_file") : fields.optionalPath("test_file")
        let extraFiles = fields.extraFiles("extra_files")
        let compile = fields.has("compile") ? fields.arguments("compile") : nil
        let run = fields.arguments("run")
        let cases = fields.cases("cases")
        if join == .stdio && cases.isEmpty { fields.note("join stdio needs at least one entry in 'cases'") }
        if join != .stdio && fields.isFilledList("cases") { fields.note("'cases' is only for join stdio") }
        let expected =
            fields.has("expected_verdict")
            ? fields.choice("expected_verdict", ExpectedVerdict.self, "pass or fail") : nil
        fields.refuseClashes([candidateFile, join == .import ? testFile : nil] + extraFiles.map(\.name))
        guard let id, let language, let join, let candidateSource, let candidateFile, let run else { return nil }
        return CorpusRecord(
            id: id, language: language, join: join, candidateSource: candidateSource, candidateFile: candidateFile,
            testSource: join == .stdio ? "" : testSource ?? "", testFile: join == .import ? testFile : nil,
            extraFiles: extraFiles, compile: compile, run: run, cases: cases, expectedVerdict: expected,
            digest: Digest.hex(of: line.bytes), line: line.number)
    }

    private mutating func identifier(_ fields: inout RecordFields, of line: LineSplitter.Line) -> String? {
        guard let id = fields.text("id") else { return nil }
        if id.isEmpty || id.utf8.count > 512 || id.unicodeScalars.contains(where: \.isDeceptive) {
            fields.note("'id' must have 1 to 512 bytes and no control characters")
            return nil
        }
        if let first = lineOfID[id] {
            fields.note("duplicate id '\(id)', first in line \(first)")
        } else {
            lineOfID[id] = line.number
        }
        return id
    }
}
