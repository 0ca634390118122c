import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// What `orket verify` leaves for later: records, receipts, and verdicts that are taken again.
@Suite("orket verify keeps evidence", .serialized, .timeLimit(.minutes(20)))
struct EvidenceOfVerifyTests {
    private let scratch = ScratchDirectory()

    /// A state directory of this test's own for what lasts; the supervisor's records stay where all supervisors' are.
    private var environment: [String] { ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"] }

    private func orket(_ arguments: String...) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(arguments, environment: environment)
    }

    /// A fixture with a hidden case, whose expected text and whose input are canaries.
    private func fixture(_ candidate: String) throws -> String {
        let directory = try scratch.makeDirectory("fixture\(UInt32.random(in: 0..<UInt32.max))")
        try Files.writeNew(directory + "/main.sh", Array(candidate.utf8), mode: 0o644)
        let text = """
            schema: 1
            id: echoes
            kind: cli
            why: test
            language: bash
            source: main.sh
            run: [bash, main.sh]
            cases:
              - {id: shown, stdin: "one", expected: "one"}
              - {id: secret, stdin: "canary-in-4711", expected: "canary-out-4711", hidden: true}
            """
        try Files.writeNew(directory + "/fixture.yaml", Array(text.utf8), mode: 0o644)
        return directory
    }

    private static func json(_ ended: OrketProgram.Ended) throws -> JSONValue { try StrictJSON.parse(ended.stdout) }

    @Test("each verdict has a record in the chain and a receipt that anybody can check")
    func records() async throws {
        let passing = try fixture("read -r line; echo \"${line/in/out}\"")
        let receipts = scratch.path + "/receipts"
        let verified = try await orket("verify", passing, "--receipts", receipts, "--format", "json")
        #expect(verified.exitCode == 0, "\(verified.talk)")
        let exported = try await orket("key", "export")
        let key = try scratch.write("key.pub", exported.output)
        let digests = try #require(try Self.json(verified)["fixtures"]?.elements.first?["digests"])
        let checked = try await orket(
            "receipt", "verify", receipts + "/echoes.intoto.jsonl", "--key", key, "--require-passed",
            "--candidate-digest", try #require(digests["candidate"]?.string),
            "--fixture-digest", try #require(digests["fixture"]?.string),
            "--policy-digest", try #require(digests["policy"]?.string))
        #expect(checked.exitCode == 0, "\(checked.output) \(checked.talk)")
        #expect(try await orket("verify", try fixture("echo no")).exitCode == 1)
        let log = try Self.json(try await orket("evidence", "log", "--json"))
        #expect(log["records"]?.elements.map { $0["outcome"]?.string } == ["failed", "passed"])
        #expect(try await orket("evidence", "verify-chain").exitCode == 0)
        let id = try #require(log["records"]?.elements.last?["id"]?.string)
        let kept = try await orket("evidence", "show", id, "--receipt")
        #expect(kept.stdout == (try HostFile.contents(receipts + "/echoes.intoto.jsonl", maximumBytes: 1 << 20)))
        // The receipt of another candidate is stale evidence.
        let stale = try await orket(
            "receipt", "verify", receipts + "/echoes.intoto.jsonl", "--key", key, "--candidate-digest",
            String(repeating: "0", count: 64))
        #expect(stale.exitCode == 4)
    }

    @Test("a canary in a hidden case appears in no report, record or receipt")
    func hidden() async throws {
        let leaking = try fixture("read -r line; echo \"$line\" | tee /dev/stderr; echo \"$line\"")
        let receipts = scratch.path + "/receipts"
        for format in ["table", "json", "jsonl", "junit", "tap", "sarif", "ctrf", "github", "html"] {
            let ended = try await orket("verify", leaking, "--format", format, "--receipts", receipts)
            #expect(ended.exitCode == 1, "\(format): \(ended.talk)")
            for canary in ["canary-in-4711", "canary-out-4711"] {
                #expect(!ended.output.contains(canary) && !ended.talk.contains(canary), "\(format)")
            }
        }
        let exported = try await orket("evidence", "export")
        #expect(exported.exitCode == 0 && !exported.output.isEmpty)
        var kept = exported.output
        for file in ["receipts/echoes.intoto.jsonl", "state/orket/evidence/evidence.sqlite"] {
            kept += String(
                decoding: try HostFile.contents(scratch.path + "/" + file, maximumBytes: 1 << 24), as: UTF8.self)
        }
        // Receipts carry their payload in base64.
        for line in kept.split(separator: "\n") {
            guard let payload = (try? StrictJSON.parse(Array(line.utf8)))?["payload"]?.string,
                let bytes = Base64.decode(payload)
            else { continue }
            kept += String(decoding: bytes, as: UTF8.self)
        }
        #expect(kept.contains("echoes") && !kept.contains("canary"))
    }

    @Test("--cached takes a verdict about the very same content, marks it, and makes no new record")
    func cached() async throws {
        let directory = try fixture("read -r line; echo \"${line/in/out}\"")
        func verify(_ more: String...) async throws -> JSONValue {
            let ended = try await OrketProgram.run(
                ["verify", directory, "--format", "json"] + more, environment: environment)
            return try #require(try Self.json(ended)["fixtures"]?.elements.first, "\(ended.talk)")
        }
        #expect(try await verify("--cached")["cached"] == .bool(false), "nothing is recorded yet")
        let again = try await verify("--cached")
        #expect(again["cached"] == .bool(true) && again["outcome"]?.string == "passed")
        #expect(again["cases"]?.elements.count == 2)
        #expect(try await verify()["cached"] == .bool(false), "fresh unless asked")
        let count = try Self.json(try await orket("evidence", "log", "--json"))["records"]?.elements.count
        #expect(count == 2)
        // One byte more is another candidate.
        let file = directory + "/main.sh"
        try Files.replace(file, try HostFile.contents(file, maximumBytes: 1_000) + [10])
        #expect(try await verify("--cached")["cached"] == .bool(false))
        #expect(try await orket("verify", directory, "--cached", "--fresh").exitCode == 2)
        #expect(try await orket("verify", directory, "--cached", "--no-evidence").exitCode == 2)
    }

    @Test("evidence that cannot be kept stops the run before it starts, unless none is wanted")
    func unkept() async throws {
        let directory = try fixture("cat")
        _ = try scratch.write("state", "a file in the place of the directory")
        let refused = try await orket("verify", directory)
        #expect(refused.exitCode == 3 && refused.output.isEmpty)
        #expect(refused.talk.contains("--no-evidence"))
        #expect(try await orket("verify", directory, "--no-evidence").exitCode == 1)
    }
}
