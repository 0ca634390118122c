package import OrketCore

/// The predicate test-result 0.1 of in-toto: only whether the tests passed, and with what they were run.
package enum TestResult: String, Sendable {
    case passed = "PASSED"
    case failed = "FAILED"

    /// Value of `predicateType`.
    package static let predicateType = "https://in-toto.io/attestation/test-result/v0.1"

    /// Nil where nothing was found out about the candidate: that is neither of the two, so it is not said at all.
    package init?(_ outcome: Outcome) {
        switch outcome {
        case .passed: self = .passed
        case .failed, .rejected: self = .failed
        case .inconclusive, .cancelled: return nil
        }
    }

    /// The statement about `facts`; nil when there is no result. `enforcement` is the digest of the enforcement statement
    /// of the same verification: nobody can put another one beside it.
    static func statement(_ facts: VerificationFacts, enforcement: HexDigest) throws(AttestError) -> Statement? {
        guard let result = TestResult(facts.outcome) else { return nil }
        var configuration = [try Subject("enforcement", enforcement).json()]
        let parts =
            [("fixture", facts.fixture), ("policy", facts.policy)] + (facts.toolchain.map { [("toolchain", $0)] } ?? [])
        for (role, part) in parts {
            let name = JSONValue.record(["name": .string(part.name)])
            configuration.append(try Subject(role, part.digest).json(annotations: name))
        }
        for (index, plan) in facts.planDigests.enumerated() {
            configuration.append(try Subject("plan-\(index + 1)", plan).json())
        }
        let predicate = JSONValue.record([
            "result": .string(result.rawValue), "configuration": .array(configuration),
            "passedTests": .array(facts.passedTests.map(JSONValue.string)),
            "failedTests": .array(facts.failedTests.map(JSONValue.string)),
        ])
        return try Statement(subjects: [facts.candidate], predicateType: predicateType, predicate: predicate)
    }
}

extension VerificationFacts {
    /// Of each sandbox in order, without repetitions.
    fileprivate var planDigests: [HexDigest] {
        sandboxes.map(\.plan).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
