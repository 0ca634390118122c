import OrketCore

/// What a fixture is, for whoever compares: digests of what it runs under, and whether its proof is still about that. Needs no
/// sandbox.
package struct FixtureIdentity: Sendable {
    private let policies: ToolchainPolicies
    private let drivers: Drivers
    private let digests = PolicyDigests()

    /// For fixtures of the languages of both.
    package init(policies: ToolchainPolicies, drivers: Drivers) {
        self.policies = policies
        self.drivers = drivers
    }

    /// Hex SHA-256 over what every policy that `fixture` runs under enforces, with the fixture's limits and the driver: whoever
    /// changes one of them runs something else.
    package func policyDigest(of fixture: Fixture) -> String {
        var used = [policies.run(fixture.language, limits: fixture.limits)]
        switch fixture.body {
        case .cli(let cli):
            if cli.compile != nil { used.append(policies.compile(fixture.language, limits: [:])) }
        case .http(let body):
            used = [HTTPVerifier.prepare(fixture, body, policies, drivers).policy]
            if body.compile != nil { used.append(policies.compile(fixture.language, limits: [:])) }
        case .command(let body):
            if !body.setup.isEmpty { used.append(policies.compile(fixture.language, limits: [:])) }
        case .judge(let body):
            if body.compile != nil { used.append(policies.compile(fixture.language, limits: [:])) }
            used.append(policies.run(body.judge.language, limits: body.judge.limits))
            if body.judge.compile != nil { used.append(policies.compile(body.judge.language, limits: [:])) }
        case .function, .check: used = used.map { drivers.prepare(fixture.language, $0)?.policy ?? $0 }
        case .suite(let suite):
            used = used.map { drivers.prepare(suite, $0).policy }
            if suite.swift != nil { used.append(policies.compile(fixture.language, limits: [:])) }
        }
        return digests.digest(of: used)
    }

    /// What a proof of `fixture` must be about to be one.
    package func facts(of fixture: Fixture, version: String) -> ProofFacts {
        ProofFacts(
            id: fixture.id, fixture: fixture.content.digest, policy: policyDigest(of: fixture), version: version)
    }

    /// What the proof beside `fixture` is worth to this version of the verifier.
    package func proofState(of fixture: Fixture, version: String) -> ProofState {
        do throws(InvalidInput) {
            return ProofRules.state(try Proof.beside(fixture.file), of: facts(of: fixture, version: version))
        } catch {
            return .stale(error.findings.map(\.message))
        }
    }
}
