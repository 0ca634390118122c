import OrketCore
import OrketSystem
import Testing

/// What commands leave for one another of what they compiled.
@Suite("orket verify compiles once", .serialized, .timeLimit(.minutes(20)))
struct CompileOfVerifyTests {
    private let scratch = ScratchDirectory()

    private func verify(_ arguments: String...) async throws -> JSONValue {
        let ended = try await OrketProgram.run(
            ["verify", "--format", "json"] + arguments,
            environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"])
        let document = try StrictJSON.parse(ended.stdout)
        #expect(try SchemaChecker(named: "verification").violations(document) == [])
        return try #require(document["fixtures"]?.elements.first, "\(ended.talk)")
    }

    /// Whether each compile step was reused, as the newest record says.
    private func record() async throws -> [JSONValue?] {
        func evidence(_ arguments: String...) async throws -> JSONValue {
            let ended = try await OrketProgram.run(
                ["evidence"] + arguments + ["--json"],
                environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"])
            return try StrictJSON.parse(ended.stdout)
        }
        let id = try #require(try await evidence("log")["records"]?.elements.first?["id"]?.string)
        let shown = try await evidence("show", id)
        #expect(try SchemaChecker(named: "evidence").violations(shown) == [])
        return shown["record"]?["compilations"]?.elements.map { $0["reused"] } ?? []
    }

    @Test("a command takes what an earlier one compiled, unless it is told not to, and report and record say so")
    func betweenCommands() async throws {
        let directory = packageRoot + "/fixtures/demo/good-c"
        for (arguments, isReused) in [([], false), ([], true), (["--fresh"], false), (["--no-evidence"], true)] {
            let report = try await verify(directory, arguments.first ?? "--evidence")
            #expect(report["outcome"]?.string == "passed")
            #expect(report["compilations"]?.elements.map { $0["reused"] } == [.bool(isReused)], "\(arguments)")
            if arguments != ["--no-evidence"] { #expect(try await record() == [.bool(isReused)], "\(arguments)") }
        }
        let other = try await verify(directory, "--candidate", packageRoot + "/fixtures/demo/broken-c/candidate.c")
        #expect(other["reasons"]?.elements.first?["code"]?.string == "compile_error")
        #expect(try await record() == [.bool(false)])
        _ = try await verify(directory, "--candidate", packageRoot + "/fixtures/demo/broken-c/candidate.c")
        #expect(try await record() == [.bool(false)], "a failure is not kept")
    }
}
