import OrketCore
import OrketVerify

/// What `orket fixture prove` tells.
enum ProofText {
    /// Lines of one mutant's change that are shown.
    private static let maximumLines = 6

    /// One fixture for people: its controls, its score, every mutant that survived with the change of its lines.
    static func text(_ outcome: ProveSession.Outcome) -> String {
        let proof = outcome.proof
        var lines = ["\(proof.facts.id): \(word(proof))"]
        for control in proof.controls {
            let reason = control.reasons.first.map { ": \($0.code.rawValue) (\($0.detail))" } ?? ""
            lines.append(
                "  \(padded(control.kind.rawValue)) \(control.path.isEmpty ? "-" : control.path)  "
                    + control.outcome.rawValue + reason)
        }
        if let mutants = proof.mutants { lines += text(mutants, proof, outcome.fixture) }
        lines += proof.problems.map { "  problem: \($0)" }
        if outcome.fixture.controls == nil { lines.append("  problem: the fixture has no 'controls'") }
        if let problem = outcome.writeProblem { lines.append("  problem: the proof was not written: \(problem)") }
        return lines.map { TerminalText.escape($0, maximumCharacters: 400) + "\n" }.joined()
    }

    private static func word(_ proof: Proof) -> String {
        switch proof.outcome {
        case .passed: "proven"
        case .failed, .rejected: "not proven"
        case .inconclusive, .cancelled: proof.outcome.rawValue
        }
    }

    private static func padded(_ text: String) -> String {
        text + String(repeating: " ", count: max(0, 10 - text.count))
    }

    private static func text(_ mutants: MutantReport, _ proof: Proof, _ fixture: Fixture) -> [String] {
        let killed = mutants.counted.count { $0.isKilled }
        let score = mutants.score.map { ", score \(ProofRules.text($0))" } ?? ""
        let least = proof.minimumScore.map { " (at least \(ProofRules.text($0)))" } ?? ""
        let sample = mutants.results.count < mutants.generated ? ", a sample of \(mutants.generated)" : ""
        var lines = ["  \(padded("mutants")) \(killed) of \(mutants.counted.count) failed\(score)\(least)\(sample)"]
        guard let reference = fixture.controls?.reference else { return lines }
        for survivor in mutants.survivors {
            let file = survivor.mutant.file
            let source = reference.tree?.first { $0.path == file }?.bytes ?? reference.bytes
            lines.append("  \(padded("survived")) \(survivor.mutant.id)")
            let (before, after) = survivor.mutant.lines(of: source)
            lines +=
                before.prefix(maximumLines).map { "    - \($0)" } + after.prefix(maximumLines).map { "    + \($0)" }
        }
        return lines
    }

    /// `orket.prove/1` (docs/formats/prove.schema.json).
    static func json(_ outcomes: [ProveSession.Outcome]) -> JSONValue {
        .record([
            "schema": .string("orket.prove/1"),
            "fixtures": .array(
                outcomes.map { outcome in
                    .record([
                        "file": .string(outcome.fixture.file),
                        "written": .bool(outcome.proof.outcome == .passed && outcome.writeProblem == nil),
                        "writeProblem": outcome.writeProblem.map { .string($0) }, "proof": outcome.proof.json,
                    ])
                }),
        ])
    }
}
