package import ArgumentParser
import OrketCore
import OrketVerify

/// `orket gate explain ISSUE`.
package struct GateExplainCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What the gate demands of an issue: fixtures with their proofs, and the policy.",
        discussion: "Exit status: 0, 2 bad usage or board, 3 the board cannot be read.")

    @Argument(help: "The issue.")
    var issue: String

    @Option(help: "Directory of the board.")
    var board = "."

    @Flag(help: "Print one JSON object (schema orket.gate-explanation/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Reads and prints.
    package func run() async throws {
        try await GateFailure.handle {
            let stored = try await BoardLocation(board).open().existingIssue(issue)
            let gate = try GateBoard(directory: board)
            let fixtures = try gate.fixtures(of: stored.issue)
            let identity = try FixtureIdentity.located(Set(fixtures.flatMap(\.languages)))
            let proofs = fixtures.map { identity.proofState(of: $0, version: Version.current).sentence }
            Console.result(
                json
                    ? Self.json(stored.issue.id, gate, fixtures, proofs).text + "\n"
                    : Self.text(stored, gate, zip(fixtures, proofs)))
            return 0
        }
    }

    private static func text(
        _ stored: StoredIssue, _ gate: GateBoard, _ fixtures: Zip2Sequence<[Fixture], [String]>
    ) -> String {
        let policy = gate.policy
        var text = "\(stored.id): \(stored.status.rawValue)\n"
        for (fixture, proof) in fixtures {
            text += "  fixture    \(fixture.id) (\(fixture.kind), \(fixture.assurance.rawValue)): "
            text += "\(TerminalText.escape(proof))\n"
        }
        if stored.issue.verification.fixtures.isEmpty {
            text += "  fixture    none: nothing can complete it; name one under verification\n"
        }
        text += "  isolation  level \(policy.minimumLevel.rawValue) or better\n"
        text += "  assurance  \(policy.minimumAssurance.rawValue) or stronger\n"
        text += "  proof      \(policy.requiresProof ? "every fixture must be proven able to fail" : "not asked for")\n"
        text +=
            "  recorded   \(policy.allowsCached ? "verdicts of earlier runs count" : "every verdict must be of a run now")\n"
        text += "  evidence   \(policy.maximumAgeMs.map { "at most \(DurationText.text($0)) old" } ?? "of any age")\n"
        let waivers = policy.waivers.sorted().joined(separator: ", ")
        text += "  waivers    \(waivers.isEmpty ? "nobody may waive" : TerminalText.escape(waivers))\n"
        return text + "  policy     \(gate.policyDigest)\n"
    }

    private static func json(
        _ issue: CardID, _ gate: GateBoard, _ fixtures: [Fixture], _ proofs: [String]
    ) -> JSONValue {
        let policy = gate.policy
        return .object([
            .init("schema", .string("orket.gate-explanation/1")), .init("issue", .string(issue.text)),
            .init(
                "fixtures",
                .array(
                    zip(fixtures, proofs).map { fixture, proof in
                        .record([
                            "id": .string(fixture.id), "kind": .string(fixture.kind),
                            "assurance": .string(fixture.assurance.rawValue),
                            "digest": .string(fixture.content.digest), "proof": .string(proof),
                        ])
                    })),
            .init(
                "policy",
                .object([
                    .init("digest", .string(gate.policyDigest.text)),
                    .init("minimumLevel", .integer(Int64(policy.minimumLevel.rawValue))),
                    .init("minimumAssurance", .string(policy.minimumAssurance.rawValue)),
                    .init(
                        "allowDegraded", .array(policy.allowedDegraded.map(\.rawValue).sorted().map(JSONValue.string))),
                    .init("cached", .bool(policy.allowsCached)), .init("proof", .bool(policy.requiresProof)),
                    .init("maximumAgeMs", policy.maximumAgeMs.map { .integer($0) } ?? .null),
                    .init("waivers", .array(policy.waivers.sorted().map(JSONValue.string))),
                    .init("maximumWaiverMs", .integer(policy.maximumWaiverMs)),
                ])),
        ])
    }
}
