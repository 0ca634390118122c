import OrketCore
import Yams

extension CommandBody.Step: FixtureCase {}

extension FixtureDecoder {
    private static let stepKeys = ["id", "argv", "stdin", "stdinFile", "expect", "hidden"]
    private static let expectedKeys = ["exit", "stdout", "stderr", "json", "files"]
    private static let (maximumFiles, maximumSetup) = (1_000, 100)

    mutating func commandBody(_ fields: inout YAMLFields, source: InputFile?) -> CommandBody? {
        let files = list("files", &fields, most: Self.maximumFiles) { $0.trustedFile($1) }
        let setup = list("setup", &fields, most: Self.maximumSetup) { $0.command($1) }
        let steps = self.cases(fields.node("steps"), missingAt: fields.mark("steps"), key: "steps") { $0.step($1) }
        for clash in WorkspacePath.clashes(files.map(\.path) + (source.map { [$0.path] } ?? [])) {
            fields.note("two files of the workspace clash: '\(clash.jsonEscaped)'", at: fields.mark("files"))
        }
        return CommandBody(files: files, setup: setup, steps: steps)
    }

    /// A list that may be absent, each element read by `read`.
    mutating func list<Item>(
        _ name: String, _ outer: inout YAMLFields, most: Int, _ read: (inout FixtureDecoder, Node) -> Item?
    ) -> [Item] {
        guard let node = outer.node(name) else { return [] }
        guard case .sequence(let sequence) = node, sequence.count <= most else {
            outer.note("'\(name)' must be a list of at most \(most) elements", at: node.mark)
            return []
        }
        return sequence.compactMap { read(&self, $0) }
    }

    private mutating func trustedFile(_ node: Node) -> InputFile? {
        guard var fields = YAMLFields(node, file: file, what: "a file", findings: &findings) else { return nil }
        fields.refuseUnknown(["path", "text", "textFile", "executable"])
        let path = fields.text("path")
        if let path, let problem = WorkspacePath.problem(path) {
            fields.note("'path' is \(problem): '\(path.jsonEscaped)'", at: fields.mark("path"))
        }
        let bytes = fields.bytes(
            "text", orFile: "textFile", required: true, maximumBytes: Self.maximumCaseBytes, directory: directory)
        let isExecutable = fields.has("executable") ? fields.flag("executable") : false
        findings += fields.findings
        guard let path, let bytes, let isExecutable else { return nil }
        return InputFile(path: path, bytes: bytes, executable: isExecutable)
    }

    private mutating func command(_ node: Node) -> [String]? {
        guard var fields = YAMLFields(node, file: file, what: "a command", findings: &findings) else { return nil }
        fields.refuseUnknown(["argv"])
        let argv = fields.arguments("argv")
        findings += fields.findings
        return argv
    }

    private mutating func step(_ node: Node) -> CommandBody.Step? {
        guard var fields = YAMLFields(node, file: file, what: "a step", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.stepKeys)
        let id = identifier("id", &fields)
        let argv = fields.arguments("argv")
        let stdin = fields.bytes(
            "stdin", orFile: "stdinFile", required: false, maximumBytes: Self.maximumCaseBytes, directory: directory)
        let expected = self.expected(fields.node("expect"))
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        findings += fields.findings
        guard let id, let argv, let stdin, let expected, let isHidden else { return nil }
        let place = Fixture.Place(id: id, line: node.mark?.line ?? 1, isHidden: isHidden, word: "step")
        return CommandBody.Step(place: place, argv: argv, stdin: stdin, expected: expected)
    }

    private mutating func expected(_ node: Node?) -> CommandBody.Expected? {
        guard let node else { return CommandBody.Expected() }
        guard var fields = YAMLFields(node, file: file, what: "'expect'", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.expectedKeys)
        var expected = CommandBody.Expected()
        let exit = fields.has("exit") ? fields.integer("exit", in: 0...255) : 0
        expected.stdout = matcher("stdout", &fields)
        expected.stderr = matcher("stderr", &fields)
        expected.json = assertions(&fields)
        expected.files = list("files", &fields, most: Self.maximumFiles) { $0.expectedFile($1) }
        findings += fields.findings
        expected.exit = Int32(exit ?? 0)
        return expected
    }

    private mutating func expectedFile(_ node: Node) -> CommandBody.File? {
        guard var fields = YAMLFields(node, file: file, what: "a file", findings: &findings) else { return nil }
        fields.refuseUnknown(["path", "exists", "text", "json"])
        let path = fields.text("path")
        if let path, let problem = WorkspacePath.problem(path) {
            fields.note("'path' is \(problem): '\(path.jsonEscaped)'", at: fields.mark("path"))
        }
        let exists = fields.has("exists") ? fields.flag("exists") : true
        if exists == false, fields.has("text") || fields.has("json") {
            fields.note("a file that must not exist has no content", at: fields.mark("exists"))
        }
        let text = matcher("text", &fields)
        let json = assertions(&fields)
        findings += fields.findings
        guard let path, let exists else { return nil }
        return CommandBody.File(path: path, exists: exists, text: text, json: json)
    }
}
