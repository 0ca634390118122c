import OrketCore
import OrketSystem
import Testing

/// `orket policy` as people run it.
@Suite("orket policy")
struct PolicyCommandTests {
    private let scratch = ScratchDirectory()

    private static func report(_ arguments: [String], code: Int32) async throws -> JSONValue {
        let ended = try await OrketProgram.run(["policy"] + arguments + ["--json"])
        #expect(ended.exitCode == code, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "policy-report").violations(document) {
            Issue.record("\(violation)")
        }
        return document
    }

    @Test("every policy that is listed is valid, can be explained, and has the digest that is shown")
    func shipped() async throws {
        let listed = try await Self.report(["list"], code: 0)["policies"]?.elements ?? []
        let names = listed.compactMap { $0["name"]?.string }
        #expect(names.count >= 15 && names.contains("default") && !names.contains("base"))
        let digests = try await Self.report(["digest"] + names, code: 0)["policies"]?.elements
        #expect(digests?.map { $0["digest"] } == listed.map { $0["digest"] })
        #expect(try await Self.report(["check"] + names, code: 0)["policies"]?.elements.count == names.count)
        for name in names {
            let rules = try await Self.report(["explain", name], code: 0)["rules"]?.elements ?? []
            let written = rules.filter { $0["origin"] != .string("built-in") }
            #expect(written.count > 50 && written.allSatisfy { $0["file"]?.string?.isEmpty == false }, "\(name)")
        }
    }

    @Test("a bad file gives all its findings with their places, as text and as JSON")
    func bad() async throws {
        let file = try scratch.write(
            "bad.yaml", "schema: 1\nextends: default\nwhy: x\nlimits: {memory: 0, colour: 3}\nsyscalls: {sets: [no]}\n")
        let report = try await Self.report(["check", file], code: 2)
        #expect(report["valid"] == .bool(false))
        let places = report["findings"]?.elements.map { "\($0["line"]?.text ?? ""):\($0["column"]?.text ?? "")" }
        #expect(Set(places ?? []) == ["4:18", "4:21", "5:19"])
        let text = try await OrketProgram.run(["policy", "check", file])
        #expect(text.exitCode == 2 && text.output.isEmpty)
        #expect(text.talk.split(separator: "\n").count == 3)
    }

    @Test("a good file is told from the policy that it extends by its digest, and not by its comments")
    func digest() async throws {
        let same = try scratch.write("same.yaml", "schema: 1\nextends: default\nwhy: Mine.\n")
        let other = try scratch.write("other.yaml", "schema: 1\nextends: default\nwhy: x\nlimits: {pids: 9}\n")
        let digests = try await Self.report(["digest", "default", same, other], code: 0)["policies"]?.elements
        let values = digests?.compactMap { $0["digest"]?.string } ?? []
        #expect(values.count == 3)
        #expect(values[0] == values[1] && values[0] != values[2])
    }

    @Test("an unknown name and a foundation are refused", arguments: ["nowhere", "base", "/nowhere.yaml"])
    func refused(name: String) async throws {
        #expect(try await Self.report(["explain", name], code: 2)["findings"]?.elements.count == 1)
    }
}
