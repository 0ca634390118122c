import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket fixture check`, `orket fixture init` and `orket import`, as people and scripts run them.
@Suite("orket fixture check and init", .serialized, .timeLimit(.minutes(20)))
struct FixtureCheckCommandTests {
    private let scratch = ScratchDirectory()

    @Test("a new fixture has no finding; a weak one is told with its place, and its rule decides the status")
    func check() async throws {
        let place = scratch.path + "/Sum Of"
        let made = try await OrketProgram.run(["fixture", "init", place, "--kind", "cli", "--language", "bash"])
        #expect(made.exitCode == 0)
        let text = String(
            decoding: try HostFile.contents(place + "/fixture.yaml", maximumBytes: 1 << 20), as: UTF8.self)
        #expect(text.contains("id: sum-of\n"))
        let clean = try await OrketProgram.run(["fixture", "check", "--strict", "--run", place])
        #expect(clean.exitCode == 0 && clean.output == "")
        try Files.replace(place + "/fixture.yaml", Array(text.replacing(", hidden: true", with: "").utf8))
        let warned = try await OrketProgram.run(["fixture", "check", place])
        #expect(warned.exitCode == 0 && warned.output.contains(":3: warning: no case is hidden"))
        #expect(warned.output.hasSuffix("[only-visible]\n"))
        #expect(try await OrketProgram.run(["fixture", "check", "--strict", place]).exitCode == 1)
        let bare = text.replacing("controls:", with: "limits2:")
        try Files.replace(place + "/fixture.yaml", Array(bare.utf8))
        #expect(try await OrketProgram.run(["fixture", "check", place]).exitCode == 2)
        try Files.replace(
            place + "/fixture.yaml",
            Array(
                text.replacing("empty: true", with: "empty: false").replacing("broken: [main-broken.sh]", with: "").utf8
            ))
        let ended = try await OrketProgram.run(["fixture", "check", "--json", place])
        #expect(ended.exitCode == 1)
        let document = try StrictJSON.parse(Array(ended.output.utf8))
        for violation in try SchemaChecker(named: "check").violations(document) { Issue.record("\(violation)") }
        #expect(document["findings"]?.elements.map { $0["rule"]?.string } == ["no-negative-control"])
    }

    @Test("the schema of findings knows every rule")
    func rules() throws {
        let path = packageRoot + "/docs/formats/check.schema.json"
        let schema = try StrictJSON.parse(try HostFile.contents(path, maximumBytes: 1 << 20))
        let rule = schema["properties"]?["findings"]?["items"]?["properties"]?["rule"]?["enum"]
        #expect(rule?.elements.map(\.string) == LintFinding.Rule.allCases.map(\.rawValue))
    }

    @Test("what is there already is not touched, and what cannot be made leaves nothing")
    func refusals() async throws {
        try scratch.write("kept", "x")
        for arguments in [
            ["fixture", "init", scratch.path],
            ["fixture", "init", scratch.path + "/new", "--kind", "check", "--language", "c"],
            ["fixture", "init", scratch.path + "/gone/new"], ["import", "humaneval", scratch.path],
            ["import", "humaneval", scratch.path + "/new", "--from", scratch.path + "/kept"],
            ["import", "humaneval", scratch.path + "/new", "--sample", "0"],
        ] {
            let ended = try await OrketProgram.run(arguments)
            #expect(ended.exitCode == 2 && !ended.talk.isEmpty, "\(arguments)")
        }
        #expect(try Files.names(in: scratch.path) == ["kept"])
    }
}
