import Glibc
import OrketCore
import OrketSystem
import Testing

/// `orket verify --candidate` with what a candidate can come in.
@Suite("orket verify --candidate", .serialized, .timeLimit(.minutes(20)))
struct CandidateOfVerifyTests {
    private let scratch = ScratchDirectory()

    private func orket(_ arguments: [String]) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            arguments, environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"])
    }

    private func fixture(_ id: String, source: String = "bin/main.sh") throws -> String {
        let directory = try scratch.makeDirectory(id)
        let text = """
            schema: 1
            id: \(id)
            kind: cli
            why: test
            language: bash
            source: \(source)
            run: [bash, main.sh]
            cases: [{id: one, expected: "good"}]
            """
        try Files.writeNew(directory + "/fixture.yaml", Array(text.utf8), mode: 0o644)
        return directory
    }

    private func shell(_ script: String) async throws {
        let pid = try Process.spawn(
            "/bin/sh", arguments: ["-euc", script], environment: ["PATH=/usr/bin:/bin", "D=\(scratch.path)"])
        let status = await Blocking.run { Process.reap(pid, wait: true) }
        try #require(status == 0, "\(script)")
    }

    @Test(
        "a directory, an archive and a commit have the same verdict under the same digest, in report, record and receipt"
    )
    func forms() async throws {
        let fixtures = [try fixture("a"), try fixture("b"), try fixture("absent", source: "bin/other.sh")]
        try await shell(
            """
            mkdir -p "$D/c/bin"; printf 'echo good\\n' > "$D/c/bin/main.sh"; tar -C "$D/c" -czf "$D/c.tgz" bin
            cd "$D/c"; git init -q .; git add .; git -c user.name=a -c user.email=a@b commit -qm a
            """)
        #expect(try await orket(["key", "new"]).exitCode == 0)
        let key = try scratch.write("key.pub", try await orket(["key", "export"]).output)
        var digests: Set<String> = []
        for candidate in ["\(scratch.path)/c", "\(scratch.path)/c.tgz", "git:\(scratch.path)/c@HEAD"] {
            let receipts = scratch.path + "/receipts"
            let ended = try await orket(
                ["verify", "--candidate", candidate, "--format", "json", "--receipts", receipts] + fixtures)
            #expect(ended.exitCode == 1, "\(ended.output) \(ended.talk)")
            // That something was left out is said.
            #expect(ended.talk.contains(".git") == (candidate == scratch.path + "/c"), "\(ended.talk)")
            let found = try #require(try StrictJSON.parse(ended.stdout)["fixtures"]?.elements)
            #expect(found.map { $0["outcome"]?.string } == ["passed", "failed", "passed"])
            let reason = found[1]["reasons"]?.elements.first
            #expect(reason?["code"]?.string == "artifact_missing")
            #expect(reason?["detail"]?.string?.contains("'bin/other.sh'") == true)
            digests.formUnion(found.compactMap { $0["digests"]?["candidate"]?.string })
            let digest = try #require(digests.first)
            for name in ["a", "absent"] {
                let checked = try await orket(
                    [
                        "receipt", "verify", "\(receipts)/\(name).intoto.jsonl", "--key", key, "--candidate-digest",
                        digest,
                    ])
                #expect(checked.exitCode == 0, "\(checked.output) \(checked.talk)")
            }
        }
        #expect(digests.count == 1)
        let log = try StrictJSON.parse(try await orket(["evidence", "log", "--json"]).stdout)
        #expect(Set(log["records"]?.elements.compactMap { $0["candidateDigest"]?.string } ?? []) == digests)
        #expect(log["records"]?.elements.count == 9)
        // The same content is known again, in whatever it comes.
        let again = try await orket(
            ["verify", fixtures[0], "--candidate", "\(scratch.path)/c.tgz", "--cached", "--format", "json"])
        #expect(try StrictJSON.parse(again.stdout)["fixtures"]?.elements.first?["cached"] == .bool(true))
    }

    @Test("a candidate that is refused is refused before anything starts, with all findings, also those of fixtures")
    func refused() async throws {
        let good = try fixture("good")
        let bad = try scratch.makeDirectory("bad")
        try Files.writeNew(bad + "/fixture.yaml", Array("schema: 2\n".utf8), mode: 0o644)
        try await shell("mkdir \"$D/c\"; ln -s /etc/passwd \"$D/c/out\"; mkfifo \"$D/c/pipe\"")
        let ended = try await orket(["verify", good, bad, "--candidate", scratch.path + "/c"])
        #expect(ended.exitCode == 2 && ended.output.isEmpty)
        for part in ["'schema' must be 1", "\"out\": ", "\"pipe\": "] {
            #expect(ended.talk.contains(part), "\(part) in \(ended.talk)")
        }
        let gone = try await orket(["verify", good, "--candidate", scratch.path + "/gone.tar"])
        #expect(gone.exitCode == 2 && gone.talk.contains("gone.tar: cannot be opened"), "\(gone.talk)")
        #expect(try StrictJSON.parse(try await orket(["evidence", "log", "--json"]).stdout)["total"] == .integer(0))
    }

    @Test("where there is no place for the candidate nothing starts")
    func noPlace() async throws {
        let fixture = try fixture("a")
        _ = try scratch.write("state", "a file in the place of the directory")
        let main = try scratch.write("main.sh", "echo good\n")
        let ended = try await orket(["verify", fixture, "--candidate", main, "--no-evidence"])
        #expect(ended.exitCode == 3 && ended.output.isEmpty && ended.talk.contains("ORKET_STATE_DIR"), "\(ended.talk)")
    }
}
