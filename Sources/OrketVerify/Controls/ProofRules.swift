/// What a proof must be about: all of it as it is now.
package struct ProofFacts: Sendable, Hashable {
    package var id: String
    /// Digest of the fixture's content.
    package var fixture: String
    /// Digest of the policies that it runs under.
    package var policy: String
    /// Version of the verifier.
    package var version: String
}

/// What a proof is worth.
package enum ProofState: Sendable, Hashable {
    case valid
    case absent
    /// Each thing that differs from what was proven, or that the proof itself lacks.
    case stale([String])

    /// For records and receipts.
    package var word: String {
        switch self {
        case .valid: "valid"
        case .absent: "absent"
        case .stale: "stale"
        }
    }

    /// For people.
    package var sentence: String {
        switch self {
        case .valid: "the proof is valid"
        case .absent: "there is no proof that the fixture can fail"
        case .stale(let what): "the proof is stale: \(what.joined(separator: ", "))"
        }
    }
}

/// Says whether a proof shows that a fixture can fail. Pure.
package enum ProofRules {
    /// The state of `proof` for a fixture with these facts.
    package static func state(_ proof: Proof?, of facts: ProofFacts) -> ProofState {
        guard let proof else { return .absent }
        var what: [String] = []
        if proof.facts.id != facts.id { what.append("it is about another fixture") }
        if proof.facts.fixture != facts.fixture { what.append("the fixture has changed") }
        if proof.facts.policy != facts.policy { what.append("a policy or driver has changed") }
        if proof.facts.version != facts.version { what.append("the verifier has another version") }
        what += proof.problems
        return what.isEmpty ? .valid : .stale(what)
    }

    /// Why these results prove nothing; empty when they do.
    static func problems(_ controls: [ControlResult], _ mutants: MutantReport?, minimumScore: Double?) -> [String] {
        var problems = controls.compactMap(\.problem)
        if controls.filter({ $0.kind == .reference }).count != 1 { problems.append("there is no reference") }
        if !controls.contains(where: { $0.kind != .reference }) {
            problems.append("there is no control that must fail: give 'broken', 'baseline' or 'empty: true'")
        }
        if let mutants { problems += mutants.problems }
        if let minimumScore {
            if let score = mutants?.score {
                if score < minimumScore {
                    problems.append("the mutation score \(Self.text(score)) is below \(Self.text(minimumScore))")
                }
            } else {
                problems.append("there is no mutant, and so no score")
            }
        }
        return problems
    }

    /// Three digits after the point, rounded down: a score that is too low must not look like one that is enough.
    package static func text(_ score: Double) -> String {
        let thousandths = Int((score * 1_000 + 1e-9).rounded(.down))
        let digits = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
