package import OrketCore
import OrketSandbox
import OrketVerify

/// Candidates that try to be judged better than they are, beside honest ones that do the same work: `fixtures/cheats`. Each
/// names the verdict that it must get.
package struct CheatBattery: Sendable {
    private let fixtures: [Fixture]
    private let policies: ToolchainPolicies
    private let drivers: Drivers

    /// More at once would stretch the times that some of them are about.
    private static let jobs = 2

    /// Candidates that are here, after `filter`.
    package var count: Int { fixtures.count }

    /// The fixtures beside the hostile corpus whose `cheats/ID` contains `filter`. Throws all findings of all of them.
    init(beside corpus: HostileCorpus, filter: String?) throws(InvalidInput) {
        let parent = corpus.directory.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
        let all = try FixtureReading.read([parent + "/cheats"])
        fixtures = all.filter { fixture in filter.map(("cheats/" + fixture.id).contains) ?? true }
        let store = try PolicyStore.locate()
        let languages = Set(fixtures.flatMap(\.languages))
        policies = try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) }
        drivers = try Drivers(languages, directory: store.directory + "/drivers")
    }

    /// Judges all of them.
    func run(_ supervisor: Supervisor) async -> [CheatReport] {
        let verifier = FixtureVerifier(sandbox: supervisor, policies: policies, drivers: drivers)
        let results = await verifier.verify(fixtures, jobs: Self.jobs)
        await verifier.shutdown()
        return results.map { CheatReport($0.report) }
    }
}

/// What became of one of them.
package struct CheatReport: Sendable {
    package let id: String
    package let expected: Expectation?
    package let outcome: Outcome
    package let reasons: [Reason]

    init(_ report: FixtureReport) {
        id = report.id
        expected = report.expectation
        outcome = report.outcome
        reasons = report.reasons
    }

    /// True when it got the verdict that it must get. One that expects nothing proves nothing.
    package var isMet: Bool { expected == Expectation(outcome: outcome, reason: reasons.first?.code) }

    /// True for a candidate that must not pass.
    package var isCheat: Bool { expected?.outcome != .passed }

    /// `{"id","cheat","outcome","reason","met"}`.
    package var json: JSONValue {
        .object([
            .init("id", .string(id)), .init("cheat", .bool(isCheat)), .init("outcome", .string(outcome.rawValue)),
            .init("reason", reasons.first.map { .string($0.code.rawValue) } ?? .null), .init("met", .bool(isMet)),
        ])
    }
}
