package import OrketCore

/// One fixture with what became of its candidate.
package struct FixtureResult: Sendable {
    package let fixture: Fixture
    package let result: VerificationResult

    /// Whether outcome and primary reason are those that the fixture wants to show; nil when it says nothing.
    package var meetsExpectation: Bool? {
        fixture.expect.map { $0.outcome == result.verdict.outcome && $0.reason == result.verdict.primary }
    }

    /// `{"fixture","candidate",...}`: the object `orket.fixture-verdict/1`.
    package var json: JSONValue {
        var members = [
            JSONValue.Member("schema", .string("orket.fixture-verdict/1")),
            JSONValue.Member("fixture", .string(fixture.id)),
            JSONValue.Member("candidate", .string(fixture.candidate)),
            JSONValue.Member("language", .string(fixture.language.rawValue)),
        ]
        members += result.members.map { $0.name == "isolation" ? JSONValue.Member($0.name, result.isolation.full) : $0 }
        if let expect = fixture.expect {
            var expectation = [JSONValue.Member("outcome", .string(expect.outcome.rawValue))]
            if let reason = expect.reason { expectation.append(JSONValue.Member("reason", .string(reason.rawValue))) }
            members.append(JSONValue.Member("expect", .object(expectation)))
            members.append(JSONValue.Member("meets_expectation", .bool(meetsExpectation == true)))
        }
        return .object(members)
    }
}

/// Verifies fixtures side by side.
package struct FixtureVerifier: Sendable {
    private let verifier: Verifier

    /// A fixture verifier over `verifier`, which must know the languages of all fixtures.
    package init(_ verifier: Verifier) { self.verifier = verifier }

    /// The results in the order of `fixtures`; `jobs` run at a time, and `done` is told each as it ends.
    package func verify(
        _ fixtures: [Fixture], jobs: Int, done: @escaping @Sendable (FixtureResult) -> Void = { _ in }
    ) async -> [FixtureResult] {
        await withTaskGroup(of: (Int, FixtureResult).self) { group in
            var results = [FixtureResult?](repeating: nil, count: fixtures.count)
            var next = 0
            func start() {
                guard next < fixtures.count else { return }
                let (index, fixture) = (next, fixtures[next])
                next += 1
                group.addTask {
                    (index, FixtureResult(fixture: fixture, result: await verifier.verify(fixture.verification)))
                }
            }
            for _ in 0..<max(1, jobs) { start() }
            for await (index, result) in group {
                results[index] = result
                done(result)
                start()
            }
            return results.compactMap { $0 }
        }
    }

    /// The exit code for `results`: that of the worst outcome; with `checkingExpectations`, 0 exactly when every
    /// fixture that says what it shows showed it, and the others passed.
    package static func exitCode(_ results: [FixtureResult], checkingExpectations: Bool) -> Int32 {
        let outcomes = results.map(\.result.verdict.outcome)
        if outcomes.contains(.cancelled) { return Outcome.cancelled.exitCode }
        if checkingExpectations {
            return results.allSatisfy { $0.meetsExpectation ?? ($0.result.verdict.outcome == .passed) } ? 0 : 1
        }
        for outcome in [Outcome.inconclusive, .rejected, .failed] where outcomes.contains(outcome) {
            return outcome.exitCode
        }
        return 0
    }
}
