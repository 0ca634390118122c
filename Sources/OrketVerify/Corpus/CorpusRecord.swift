package import OrketCore

/// One line of a corpus: a candidate program together with its test, and, when it is known, the verdict that is right.
package struct CorpusRecord: Sendable {
    package var id: String
    package var language: Language
    package var join: Join
    package var candidateSource: String
    package var candidateFile: String
    /// Empty for `stdio`.
    package var testSource: String
    /// Set for `import` only.
    package var testFile: String?
    package var extraFiles: [ExtraFile]
    /// Nil when nothing is compiled; never empty.
    package var compile: [String]?
    /// Never empty.
    package var run: [String]
    /// At least one for `stdio`, none otherwise.
    package var cases: [Case]
    package var expectedVerdict: ExpectedVerdict?
    /// Hex SHA-256 of the line, so that a verdict can be told from one about another record of the same id.
    package var digest: String
    /// 1-based line in its file.
    package var line: Int

    /// How candidate and test become a program. `import`: the test file imports the candidate file beside it. `concat`:
    /// candidate, newline, test in the candidate file. `stdio`: the candidate alone, its stdout compared case by case.
    package enum Join: String, Sendable, CaseIterable { case `import`, concat, stdio }

    /// One input with the output that is right.
    package struct Case: Sendable {
        package var stdin: String
        package var expectedStdout: String
    }

    /// A file that lies beside candidate and test.
    package struct ExtraFile: Sendable {
        package var name: String
        package var text: String
    }

    /// The trusted files of the workspace; nothing of an expected output is among them.
    package var files: [InputFile] {
        let extras = extraFiles.map { InputFile(path: $0.name, bytes: Array($0.text.utf8)) }
        let candidate: InputFile
        switch join {
        case .concat:
            candidate = InputFile(path: candidateFile, bytes: Array((candidateSource + "\n" + testSource).utf8))
        case .import, .stdio:
            candidate = InputFile(path: candidateFile, bytes: Array(candidateSource.utf8))
        }
        let test = testFile.map { InputFile(path: $0, bytes: Array(testSource.utf8)) }
        return [candidate] + (test.map { [$0] } ?? []) + extras
    }
}

/// The recorded verdict of a corpus record.
package enum ExpectedVerdict: String, Sendable {
    case pass, fail

    /// Whether an outcome says the same: pass and passed, fail and failed; nothing agrees with any other outcome.
    package func agrees(with outcome: Outcome) -> Bool {
        switch self {
        case .pass: outcome == .passed
        case .fail: outcome == .failed
        }
    }
}
