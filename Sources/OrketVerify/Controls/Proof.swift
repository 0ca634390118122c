package import OrketCore

/// What the controls of a fixture did, bound to the content that they did it with.
package struct Proof: Sendable {
    package var facts: ProofFacts
    package var kind: String
    package var language: String
    package var provedAt: UTCTime
    package var controls: [ControlResult]
    /// Nil when no mutant was asked for, or none can be made in the language.
    package var mutants: MutantReport?
    /// What the fixture asks of the mutants.
    package var minimumScore: Double?

    /// Why this proves nothing; empty when the fixture is proven.
    package var problems: [String] { ProofRules.problems(controls, mutants, minimumScore: minimumScore) }

    /// Passed when proven; inconclusive when something could not be found out and nothing speaks against the fixture.
    package var outcome: Outcome {
        let outcomes = controls.map(\.outcome) + (mutants?.results.map(\.outcome) ?? [])
        if outcomes.contains(.cancelled) { return .cancelled }
        if problems.isEmpty { return .passed }
        let isUndecided = outcomes.contains(.inconclusive) || mutants?.failure != nil
        return isUndecided ? .inconclusive : .failed
    }
}

/// What became of one control.
package struct ControlResult: Sendable, Hashable {
    package var kind: Control.Kind
    /// "" for the empty candidate.
    package var path: String
    /// Of the candidate's bytes.
    package var digest: String
    package var outcome: Outcome
    package var reasons: [Reason]

    /// Why it does not show what it is for; nil when it does.
    package var problem: String? {
        let name = path.isEmpty ? kind.rawValue : "\(kind.rawValue) \(path.jsonEscaped)"
        let because = reasons.first.map { " (\($0.code.rawValue): \($0.detail))" } ?? ""
        switch (kind, outcome) {
        case (_, .inconclusive), (_, .cancelled): return "\(name) was not decided\(because)"
        case (.reference, .passed): return nil
        case (.reference, _): return "\(name) must pass, and is \(outcome.rawValue)\(because)"
        case (_, .passed): return "\(name) must fail, and passed"
        // It shows that the compiler works, not that a case can tell right from wrong.
        case (.broken, _) where reasons.first?.code == .compileError || reasons.first?.code == .artifactMissing:
            return "\(name) must fail at a case, and cannot even be used\(because)"
        default: return nil
        }
    }
}

/// What became of the mutants of the reference.
package struct MutantReport: Sendable {
    /// Mutants that could be made.
    package var generated: Int
    /// Of those that were run, in the order of the source.
    package var results: [MutantResult]
    /// Ids of `equivalent` that no mutant has.
    package var unknownEquivalents: [String] = []
    /// Why no mutants could be made, though the language has them.
    package var failure: String?
    /// The fixture's own sample is larger than the one that was run.
    package var isReduced = false

    /// Those that count.
    package var counted: [MutantResult] { results.filter { !$0.isEquivalent } }
    package var survivors: [MutantResult] { counted.filter { $0.outcome == .passed } }

    /// Share of the mutants that failed, without those that are known to be equivalent; nil without any.
    package var score: Double? {
        counted.isEmpty ? nil : Double(counted.count { $0.isKilled }) / Double(counted.count)
    }

    var problems: [String] {
        var problems = unknownEquivalents.map { "'equivalent' names no mutant: \($0.jsonEscaped)" }
        problems += results.filter { $0.isEquivalent && $0.isKilled }.map {
            "not equivalent, since it fails: \($0.mutant.id.jsonEscaped)"
        }
        let undecided = results.filter { $0.outcome == .inconclusive || $0.outcome == .cancelled }
        if let first = undecided.first {
            let because = first.detail.isEmpty ? "" : ": \(first.detail)"
            problems.append("\(undecided.count) mutants were not decided\(because)")
        }
        if let failure { problems.append("no mutants could be made: \(failure)") }
        if isReduced { problems.append("fewer mutants were run than the fixture asks for") }
        return problems
    }
}

/// What became of one mutant.
package struct MutantResult: Sendable {
    package var mutant: Mutant
    package var isEquivalent: Bool
    package var outcome: Outcome
    package var reason: ReasonCode?
    package var detail: String

    /// A case told it from the reference.
    package var isKilled: Bool { outcome == .failed || outcome == .rejected }
}
