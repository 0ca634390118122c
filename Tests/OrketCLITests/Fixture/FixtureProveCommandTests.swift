import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket fixture prove` and what a proof is good for, as people and scripts run them.
@Suite("orket fixture prove", .serialized, .timeLimit(.minutes(20)))
struct FixtureProveCommandTests {
    private let scratch = ScratchDirectory()

    private static let fixture = """
        schema: 1
        id: double
        kind: function
        why: because
        language: python
        source: double.py
        entry: double
        limits: {wall: 20s}
        controls:
          broken: [off.py]
          mutants: {minimumScore: 0.9}
        cases:
          - {id: two, args: [2], expected: 4}
          - {id: three, args: [3], expected: 6}

        """

    private func put(_ name: String, _ text: String) throws {
        try Files.replace(scratch.path + "/" + name, Array(text.utf8))
    }

    private func write(_ fixture: String = fixture) throws {
        try put("fixture.yaml", fixture)
        try put("double.py", "def double(x):\n    return x + x\n")
        try put("off.py", "def double(x):\n    return 4\n")
    }

    private func verify() async throws -> (status: Int32?, reason: JSONValue?, digests: JSONValue?) {
        let ended = try await OrketProgram.run(["verify", "--require-proof", "--format", "json", scratch.path])
        let document = try StrictJSON.parse(Array(ended.output.utf8))
        let report = document["fixtures"]?.elements.first
        return (ended.exitCode, report?["reasons"]?.elements.first, report?["digests"])
    }

    @Test("a proof is asked for, made, and stale as soon as anything of the fixture changes")
    func life() async throws {
        try write()
        var seen = try await verify()
        #expect(seen.status == 3 && seen.reason?["code"] == .string("unproven_fixture"))
        let proven = try await OrketProgram.run(["fixture", "prove", scratch.path])
        #expect(proven.exitCode == 0, "\(proven.output)\(proven.talk)")
        #expect(proven.output.hasPrefix("double: proven\n"))
        let bytes = try HostFile.contents(scratch.path + "/proof.json", maximumBytes: 1 << 20)
        let proof = try StrictJSON.parse(bytes)
        for violation in try SchemaChecker(named: "proof").violations(proof) { Issue.record("\(violation)") }
        seen = try await verify()
        #expect(seen.status == 0 && seen.reason == nil)
        #expect(seen.digests?["fixture"] == proof["digests"]?["fixture"])
        #expect(seen.digests?["policy"] == proof["digests"]?["policy"])
        let source = try HostFile.contents(scratch.path + "/double.py", maximumBytes: 1 << 20)
        #expect(seen.digests?["candidate"]?.string == Digest.hex(of: source))
        for (name, text) in [
            ("off.py", "def double(x):\n    return 6\n"), ("fixture.yaml", Self.fixture + "# more\n"),
            ("double.py", "def double(x):\n    return 2 * x\n"),
        ] {
            try write()
            try put(name, text)
            seen = try await verify()
            #expect(seen.status == 3, "\(name)")
            #expect(seen.reason?["detail"]?.string?.hasPrefix("the proof is stale: the fixture has changed") == true)
        }
        try write()
        try put("proof.json", "{\"schema\":\"orket.proof/1\"}")
        seen = try await verify()
        #expect(seen.status == 3 && seen.reason?["detail"]?.string?.contains("no proof of the schema") == true)
    }

    @Test("what does not hold is told by line, keeps to the published schema, and removes the proof that was there")
    func weak() async throws {
        // 2 + 2 is 2 * 2.
        let oneCase = Self.fixture.replacing("  - {id: three, args: [3], expected: 6}\n", with: "")
        try write(oneCase.replacing("  broken: [off.py]\n", with: "").replacing("0.9", with: "1"))
        try put("double.py", "def double(x):\n    return x * x - 0\n")
        try put("proof.json", "old")
        let told = try await OrketProgram.run(["fixture", "prove", scratch.path])
        #expect(told.exitCode == 1)
        #expect(
            told.output.contains(
                "  survived   2:arithmetic * -> +\n    -     return x * x - 0\n    +     return x + x - 0\n"))
        #expect(told.output.contains("  problem: the mutation score 0."))
        #expect(HostFile.kind(scratch.path + "/proof.json") == .missing)
        let ended = try await OrketProgram.run(["fixture", "prove", "--json", scratch.path])
        let document = try StrictJSON.parse(Array(ended.output.utf8))
        for violation in try SchemaChecker(named: "prove").violations(document) { Issue.record("\(violation)") }
        #expect(document["fixtures"]?.elements.first?["written"] == .bool(false))
        #expect(ended.exitCode == 1)
    }

    @Test("bad numbers and a fixture that cannot be read end with 2, all told at once")
    func refusals() async throws {
        try write(Self.fixture + "more: 1\nwhat: 2\n")
        let ended = try await OrketProgram.run(["fixture", "prove", scratch.path])
        #expect(ended.exitCode == 2)
        #expect(ended.talk.contains("unknown key 'more'") && ended.talk.contains("unknown key 'what'"))
        for option in ["--jobs=0", "--mutants=-1"] {
            #expect(try await OrketProgram.run(["fixture", "prove", scratch.path, option]).exitCode == 2)
        }
    }
}
