import Glibc
import OrketAttest
import OrketCore
import OrketSystem
import Testing

/// `orket key` as people run it.
@Suite("orket key")
struct KeyCommandTests {
    private let scratch = ScratchDirectory()

    private func run(_ arguments: String...) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            ["key"] + arguments, environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(scratch.path)"])
    }

    private func report(_ arguments: String...) async throws -> [JSONValue] {
        let ended = try await OrketProgram.run(
            ["key"] + arguments + ["--json"], environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(scratch.path)"])
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "key").violations(document) { Issue.record("\(violation)") }
        #expect(document["command"]?.string == arguments.first)
        return document["keys"]?.elements ?? []
    }

    @Test("a key is made when it is wanted, exported as openssl reads it, and replaced only when that is said")
    func life() async throws {
        #expect(try await report("show") == [])
        #expect(try await run("show").talk.contains("no key yet"))
        #expect(try Files.names(in: scratch.path) == [])
        let first = try await report("export")
        #expect(first.count == 1 && first[0]["role"]?.string == "signs")
        let pem = try await run("export").output
        #expect(pem == first[0]["pem"]?.string)
        #expect(try PublicKey.read(pem).map(\.id.text) == [first[0]["id"]?.string])
        #expect(try await run("export", "--format", "hex").output == (first[0]["hex"]?.string ?? "") + "\n")
        let refused = try await run("new")
        #expect(refused.exitCode == 2 && refused.talk.contains("--replace") && refused.output.isEmpty)
        #expect(try await report("show") == first)
        let second = try await report("new", "--replace")
        #expect(second[0]["id"] != first[0]["id"])
        let all = try await report("show")
        #expect(all.map { $0["role"]?.string } == ["signs", "retired"])
        #expect(all.map { $0["id"] } == [second[0]["id"], first[0]["id"]])
        #expect(try PublicKey.read(try await run("export", "--all").output).count == 2)
    }

    @Test("of several processes that start at once, all have the same key")
    func race() async throws {
        let outputs = try await withThrowingTaskGroup(of: OrketProgram.Ended.self) { group in
            for _ in 0..<8 { group.addTask { try await run("export") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs.allSatisfy { $0.exitCode == 0 })
        #expect(Set(outputs.map(\.output)).count == 1)
        #expect(try Files.names(in: scratch.path + "/keys").count == 2)
    }

    @Test("a key that others may read signs nothing: status 3, and the repair")
    func refused() async throws {
        _ = try await run("new")
        chmod(scratch.path + "/keys/signing.key", 0o644)
        for command in ["show", "export", "new"] {
            let ended = try await run(command)
            #expect(ended.exitCode == 3 && ended.output.isEmpty)
            #expect(ended.talk.contains("mode 644") && ended.talk.contains("0600"))
        }
    }

    @Test("without a place for it there is no key: status 2")
    func nowhere() async throws {
        let ordinary = ["/usr/bin/setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"]
        let launcher = geteuid() == 0 ? ordinary : []
        let ended = try await OrketProgram.run(
            ["key", "export"], environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME="], launcher: launcher)
        #expect(ended.exitCode == 2 && ended.talk.contains("ORKET_STATE_DIR"), "\(ended.talk)")
    }
}
