import OrketCore

/// Turns the run of one command into a verdict. Pure.
enum CommandRules {
    /// Sentences about one command.
    private static let maximumProblems = 20

    /// The verdict of a command's end, its streams and the files that it left.
    static func verdict(_ expected: CommandBody.Expected, _ result: RunResult) -> Verdict {
        let ending = VerdictRules.trialVerdict(Trial(name: "", expectedExit: expected.exit), result)
        guard ending.outcome == .passed || ending.outcome == .failed else { return ending }
        let stdout = MatchedText(result.stdout)
        var wrong: [String] = []
        if let matcher = expected.stdout { wrong += matcher.problems(stdout, "stdout") }
        if let matcher = expected.stderr { wrong += matcher.problems(MatchedText(result.stderr), "stderr") }
        wrong += JSONAssertion.problems(expected.json, stdout, "stdout")
        var reasons = ending.reasons
        for file in expected.files {
            let name = "the file \(file.path.jsonEscaped)"
            guard let found = result.outputs.first(where: { $0.path == file.path }) else {
                if file.exists { reasons.append(Reason(.artifactMissing, "\(name) is not there")) }
                continue
            }
            if !file.exists { wrong.append("\(name) is there, and must not be") }
            let text = MatchedText(found.bytes)
            if let matcher = file.text { wrong += matcher.problems(text, name) }
            wrong += JSONAssertion.problems(file.json, text, name)
        }
        reasons += wrong.prefix(maximumProblems).map { Reason(.wrongOutput, $0) }
        return Verdict(reasons.isEmpty ? .passed : .failed, reasons)
    }
}
