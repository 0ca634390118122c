import OrketCore
import Yams

extension JudgeBody.Case: FixtureCase {}

extension FixtureDecoder {
    private static let judgeKeys = ["language", "source", "compile", "run", "limits"]
    private static let judgeCaseKeys = ["id", "stdin", "stdinFile", "answer", "answerFile", "hidden"]

    mutating func judgeBody(_ fields: inout YAMLFields) -> JudgeBody? {
        let compile = fields.has("compile") ? fields.arguments("compile") : nil
        let run = fields.arguments("run")
        let isInteractive = fields.has("interactive") ? fields.flag("interactive") : false
        let judge = self.judge(&fields)
        let cases = self.cases(fields.node("cases"), missingAt: fields.mark("cases")) { $0.judged($1) }
        guard let run, let isInteractive, let judge else { return nil }
        return JudgeBody(compile: compile, run: run, judge: judge, isInteractive: isInteractive, cases: cases)
    }

    private mutating func judge(_ outer: inout YAMLFields) -> JudgeBody.Judge? {
        guard let node = outer.node("judge") else {
            outer.note("missing key 'judge'", at: outer.mark("judge"))
            return nil
        }
        guard var fields = YAMLFields(node, file: file, what: "'judge'", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.judgeKeys)
        let language = fields.choice("language", Language.self)
        let source = fields.fileBytes("source", maximumBytes: Self.maximumSourceBytes, directory: directory)
        let name = source.map { Self.baseName($0.path) }
        if let name, JudgeBody.fileNames.contains(name) {
            fields.note(
                "the judge's file cannot be called '\(name)': there it finds the case", at: fields.mark("source"))
        }
        let compile = fields.has("compile") ? fields.arguments("compile") : nil
        let run = fields.arguments("run")
        findings += fields.findings
        let limits = self.limits(fields.node("limits"))
        guard let language, let source, let name, let run else { return nil }
        return JudgeBody.Judge(
            language: language, source: InputFile(path: name, bytes: source.bytes), compile: compile, run: run,
            limits: limits)
    }

    private mutating func judged(_ node: Node) -> JudgeBody.Case? {
        guard var fields = YAMLFields(node, file: file, what: "a case", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.judgeCaseKeys)
        let id = identifier("id", &fields)
        let stdin = fields.bytes(
            "stdin", orFile: "stdinFile", required: false, maximumBytes: Self.maximumCaseBytes, directory: directory)
        let answer = fields.bytes(
            "answer", orFile: "answerFile", required: false, maximumBytes: Self.maximumCaseBytes, directory: directory)
        let hasAnswer = fields.has("answer") || fields.has("answerFile")
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        findings += fields.findings
        guard let id, let stdin, let answer, let isHidden else { return nil }
        return JudgeBody.Case(
            place: Fixture.Place(id: id, line: node.mark?.line ?? 1, isHidden: isHidden), stdin: stdin,
            answer: hasAnswer ? answer : nil)
    }
}
