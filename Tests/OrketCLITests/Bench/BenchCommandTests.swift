import OrketCLI
import OrketCore
import Testing

/// The benchmark measures for real, if only a little: what it says must have the published form, and nothing may leak.
@Suite("orket bench", .serialized, .timeLimit(.minutes(20)))
struct BenchCommandTests {
    private static func bench(_ arguments: [String]) async throws -> JSONValue {
        let ended = try await OrketProgram.run(["bench", "--json"] + arguments, environment: ["PATH=/usr/bin:/bin"])
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "bench").violations(document) { Issue.record("\(violation)") }
        return document
    }

    @Test("every stage reports in the published form")
    func everyStage() async throws {
        let stages = ["latency", "idle", "peers", "throughput", "memory"].flatMap { ["--stage", $0] }
        let bench = try await Self.bench(stages + ["--iterations", "10"])
        #expect(bench["latency"]?.elements.map { $0["name"]?.string } == ["bare", "pooled", "cold"])
        #expect(bench["idle"]?.elements.count == 2)
        #expect(bench["throughput"]?.elements.map { $0["parallel"] } == [1, 2, 8].map { .integer($0) })
        #expect(bench["peers"]?.elements.prefix(2).map { $0["name"]?.string } == ["bare", "orket run"])
        #expect(bench["memory"]?["pooled"] == .integer(64))
        #expect(bench["growth"] == nil)
    }

    @Test("runs leave no process, mount, cgroup or descriptor behind")
    func nothingGrows() async throws {
        let growth = try #require(try await Self.bench(["--stage", "growth", "--growth-runs", "200"])["growth"])
        for name in ["descriptors", "jailDescriptors", "namespaces", "processes", "zombies", "mounts"] {
            #expect(growth["before"]?[name] == growth["after"]?[name], "\(name)")
        }
    }

    @Test(
        "too few runs are refused",
        arguments: [
            ["--iterations", "9"], ["--growth-runs", "99"], ["--stage", "speed"], ["verify", "--rounds", "0"],
            ["verify", "--jobs", "0"], ["verify", "--stage", "speed"], ["verify", "--corpus", "/nowhere.jsonl"],
        ])
    func refusals(_ arguments: [String]) async throws {
        let ended = try await OrketProgram.run(["bench"] + arguments, environment: [])
        #expect(ended.exitCode == 2 && ended.stdout.isEmpty)
        #expect(
            ended.talk.contains(arguments[arguments.count - 1]) || ended.talk.contains(arguments[arguments.count - 2]))
    }

    @Test("verdicts are measured in the published form, and what is measured passes")
    func verdicts() async throws {
        let arguments = ["bench", "verify", "--json", "--rounds", "1"]
        let ended = try await OrketProgram.run(
            arguments + ["--stage", "fixtures", "--stage", "cases"], environment: ["PATH=/usr/bin:/bin"])
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "bench-verify").violations(document) { Issue.record("\(violation)") }
        #expect(document["fixtures"]?["count"] == .integer(50))
        #expect(document["cases"]?["runs"] == .integer(1))
        #expect(document["humaneval"] == nil && document["corpus"] == nil)
        // A program can use neither less than nothing nor more than there is.
        guard case .number(let overhead)? = document["fixtures"]?["overhead"]?.elements.first else {
            Issue.record("no overhead in \(document.text)")
            return
        }
        #expect(overhead > 0 && overhead < 1)
    }
}
