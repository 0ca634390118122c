import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// Streams and artefacts beside the records, and what pruning does to them.
@Suite("Streams of evidence", .serialized, .timeLimit(.minutes(20)))
struct EvidenceStreamsTests {
    private let scratch = ScratchDirectory()

    private var environment: [String] { ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"] }
    private var content: String { scratch.path + "/state/orket/content" }

    private func orket(_ arguments: String..., launcher: [String] = []) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(arguments, environment: environment, launcher: launcher)
    }

    private func fixture(_ id: String, _ source: String, cases: String) throws -> String {
        let directory = try scratch.makeDirectory(id)
        try Files.writeNew(directory + "/main.sh", Array(source.utf8), mode: 0o644)
        let text = """
            schema: 1
            id: \(id)
            kind: cli
            why: test
            language: bash
            source: main.sh
            run: [bash, main.sh]
            cases: [\(cases)]
            """
        try Files.writeNew(directory + "/fixture.yaml", Array(text.utf8), mode: 0o644)
        return directory
    }

    /// The newest record: its id, when it was made, and what it says.
    private func newest() async throws -> (id: String, at: String, record: JSONValue) {
        let log = try StrictJSON.parse(try await orket("evidence", "log", "--json").stdout)
        let entry = try #require(log["records"]?.elements.first)
        let (id, at) = (try #require(entry["id"]?.string), try #require(entry["recordedAt"]?.string))
        let shown = try StrictJSON.parse(try await orket("evidence", "show", id, "--json").stdout)
        #expect(try SchemaChecker(named: "evidence").violations(shown) == [])
        return (id, at, try #require(shown["record"]))
    }

    private func prune(_ arguments: String...) async throws -> JSONValue {
        let ended = try await OrketProgram.run(["evidence", "prune", "--json"] + arguments, environment: environment)
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let report = try StrictJSON.parse(ended.stdout)
        #expect(try SchemaChecker(named: "evidence-prune").violations(report) == [])
        return report
    }

    /// All bytes of all files of the state directory.
    private func state() async throws -> [UInt8] {
        let pid = try Process.spawn(
            "/bin/sh",
            arguments: [
                "-c", "find \"$1\" -type f -exec cat {} + > \"$2\"", "sh", scratch.path + "/state",
                scratch.path + "/all",
            ],
            environment: ["PATH=/usr/bin:/bin"])
        #expect(await Blocking.run { Process.reap(pid, wait: true) } == 0)
        return try HostFile.contents(scratch.path + "/all", maximumBytes: 1 << 28)
    }

    private let noisy = "read -r line; printf '\\033[2J%s\\n' \"$line\"; echo done >&2\n"

    @Test("a record names each stream by digest and size, and shows its bytes, escaped")
    func shows() async throws {
        let directory = try fixture(
            "noisy", noisy, cases: "{id: one, stdin: in, expected: x}, {id: two, stdin: yon, expected: x}")
        #expect(try await orket("verify", directory).exitCode == 1)
        let (id, _, record) = try await newest()
        let streams = try #require(record["cases"]?.elements.map { $0["streams"]?.elements ?? [] })
        #expect(streams.map(\.count) == [2, 2])
        let bytes = Array("\u{1b}[2Jin\n".utf8)
        #expect(streams[0][0]["kind"]?.string == "stdout" && streams[0][0]["bytes"] == .integer(Int64(bytes.count)))
        #expect(streams[0][0]["sha256"]?.string == Digest.hex(of: bytes))
        #expect(streams[0][0]["kept"]?["sha256"]?.string == Digest.hex(of: bytes))
        let shown = try await orket("evidence", "show", id, "--streams")
        #expect(shown.exitCode == 0 && !shown.output.contains("\u{1b}"))
        for line in [
            "case one: run stdout: 7 bytes, sha256 ", "\n  | \\u{1b}[2Jin\n", "case two: run stderr: 5 bytes",
            "\n  | done\n",
        ] {
            #expect(shown.output.contains(line), "\(line) in \(shown.output)")
        }
        #expect(try await orket("evidence", "show", id, "--streams", "--json").exitCode == 2)
    }

    @Test("of a hidden case neither bytes nor digests are kept, in no file of the state directory")
    func hidden() async throws {
        let directory = try fixture(
            "secretive", noisy,
            cases:
                "{id: shown, stdin: canary-1, expected: x}, {id: secret, stdin: canary-2, expected: canary-3, hidden: true}"
        )
        #expect(try await orket("verify", directory).exitCode == 1)
        let (id, _, record) = try await newest()
        #expect(record["cases"]?.elements.map { $0["streams"]?.elements.count } == [2, 0])
        let all = String(decoding: try await state(), as: UTF8.self)
        #expect(all.contains("canary-1"), "what is shown is kept")
        #expect(!all.contains("canary-2") && !all.contains("canary-3"))
        #expect(!all.contains(Digest.hex(of: Array("\u{1b}[2Jcanary-2\n".utf8))))
        #expect(!(try await orket("evidence", "show", id, "--streams")).output.contains("secret"))
    }

    @Test("pruning removes what no younger record needs, says so, and keeps every record and its chain")
    func prunes() async throws {
        let first = try fixture("first", "echo both; echo only first >&2\n", cases: "{id: one, expected: both}")
        let second = try fixture("second", "echo both\n", cases: "{id: one, expected: both}")
        #expect(try await orket("verify", first).exitCode == 0)
        let old = try await newest()
        #expect(try await orket("verify", second, "--candidate", second).exitCode == 0)
        let young = try await newest()
        let dry = try await prune("--older-than", young.at, "--dry-run")
        #expect(dry["removed"]?["blobs"] == .integer(1) && dry["removed"]?["bytes"] == .integer(11))
        let kept = dry["kept"]
        #expect(
            try await orket("evidence", "show", old.id, "--streams").output.contains("  | only first\n"), "only told")
        let pruned = try await prune("--older-than", young.at)
        #expect(pruned["removed"] == dry["removed"] && pruned["kept"] == kept && pruned["records"] == .integer(2))
        #expect(pruned["alone"] == .bool(true))
        let shown = try await orket("evidence", "show", old.id, "--streams").output
        #expect(shown.contains("  | both\n"), "the younger record needs it")
        #expect(!shown.contains("only first") && shown.contains("run stderr: 11 bytes, sha256 "), "\(shown)")
        #expect(shown.contains(": pruned 20"), "\(shown)")
        #expect(try await newest().id == young.id)
        #expect(try await orket("evidence", "verify-chain").exitCode == 0)
        #expect(try await prune("--older-than", young.at)["removed"]?["blobs"] == .integer(0), "there is nothing left")
        // A verdict about the same brings the bytes back.
        #expect(try await orket("verify", first).exitCode == 0)
        #expect(try await orket("evidence", "show", old.id, "--streams").output.contains("  | only first\n"))
        // All of it, once nothing is young enough.
        let all = try await prune("--older-than", "0s")
        #expect(
            all["kept"] == .object([.init("blobs", .integer(0)), .init("bytes", .integer(0))])
                && all["records"] == .integer(3))
    }

    @Test(
        "bytes that are to be kept stop the pruning; what is gone without a word is said to be lost, what was changed to be damaged"
    )
    func bounds() async throws {
        let directory = try fixture(
            "many", "read -r c; printf '%0999d\\n' 0 | tr 0 \"$c\"\n",
            cases: (1...5).map { "{id: c\($0), stdin: \"\($0)\", expected: x}" }.joined(separator: ", "))
        #expect(try await orket("verify", directory).exitCode == 1)
        let report = try await prune("--older-than", "0s", "--keep-bytes", "3000B")
        #expect(
            report["removed"]?["blobs"] == .integer(2) && report["kept"]?["bytes"] == .integer(3_000), "\(report.text)")
        let (id, _, record) = try await newest()
        let kept = (record["cases"]?.elements ?? []).compactMap {
            $0["streams"]?.elements.first?["kept"]?["sha256"]?.string
        }
        let there = kept.map { "\(content)/objects/\($0.prefix(2))/\($0.dropFirst(2).prefix(2))/\($0)" }.filter(
            Files.exists)
        try #require(there.count == 3, "\(report.text) \(kept)")
        Files.remove(there[0])
        #expect(chmod(there[1], 0o644) == 0)
        try Files.replace(there[1], Array(repeating: 65, count: 1_000))
        let shown = try await orket("evidence", "show", id, "--streams").output
        #expect(shown.split(separator: "\n").count { $0.contains(": pruned 20") } == 2, "\(shown)")
        #expect(shown.split(separator: "\n").count { $0.hasSuffix(": lost") } == 1)
        #expect(shown.split(separator: "\n").count { $0.contains("has changed") } == 1)
        for bad in [["--older-than", "soon"], ["--older-than", "1d", "--keep-bytes", "some"]] {
            let ended = try await OrketProgram.run(["evidence", "prune"] + bad, environment: environment)
            #expect(
                ended.exitCode == 2 && ended.output.isEmpty && ended.talk.contains(bad[bad.count - 2]), "\(ended.talk)")
        }
    }

    @Test("while another command uses the store, what was put lately stays")
    func shared() async throws {
        let directory = try fixture("one", "echo one\n", cases: "{id: one, expected: one}")
        #expect(try await orket("verify", directory).exitCode == 0)
        let user = try Files.openRecord(content + "/users")
        try Files.waitForLock(user, alone: false)
        let report = try await prune("--older-than", "0s")
        #expect(report["alone"] == .bool(false) && report["removed"]?["blobs"] == .integer(0))
        user.close()
        #expect(try await prune("--older-than", "0s")["removed"]?["blobs"] == .integer(1))
    }

    @Test("kill -9 in the middle of pruning loses no record, and no byte without a word")
    func killed() async throws {
        let cases = (1...40).map { "{id: c\($0), stdin: \"\($0)\", expected: \"\($0)\"}" }.joined(separator: ", ")
        let directory = try fixture("many", "cat; cat main.sh >&2\n", cases: cases)
        for moment in 0..<6 {
            #expect(try await orket("verify", directory).exitCode == 0)
            let program = try OrketProgram(["evidence", "prune", "--older-than", "0s"], environment: environment)
            // Until so many are gone, or it is over.
            var polls = 0
            while polls < 200_000, try count() > 41 - moment * 7 { polls += 1 }
            program.send(SIGKILL)
            _ = await program.ended()
            #expect(try await orket("evidence", "verify-chain").exitCode == 0)
            let (id, _, _) = try await newest()
            let shown = try await orket("evidence", "show", id, "--streams").output
            #expect(!shown.contains("lost") && !shown.contains("changed"), "\(shown)")
        }
        _ = try await prune("--older-than", "0s")
        #expect(try count() == 0)
    }

    private func count() throws -> Int {
        var count = 0
        for first in try Files.names(in: content + "/objects") {
            for second in (try? Files.names(in: content + "/objects/" + first)) ?? [] {
                count += ((try? Files.names(in: "\(content)/objects/\(first)/\(second)")) ?? []).count
            }
        }
        return count
    }

    @Test(
        "on a full disk the verdict stands where it can be kept, and what could not be is said",
        .enabled(if: getuid() == 0))
    func fullDisk() async throws {
        let directory = try fixture("big", "head -c 900000 /dev/urandom | base64\n", cases: "{id: one, expected: x}")
        try Files.makeDirectory(scratch.path + "/state")
        // A file system of its own for the bytes alone: the database has room.
        let script = """
            mkdir -p "$0/orket/content"; chmod 700 "$0/orket" "$0/orket/content"
            mount -t tmpfs -o size=4k,mode=700 none "$0/orket/content"; exec "$@"
            """
        let ended = try await orket(
            "verify", directory,
            launcher: [
                "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script,
                scratch.path + "/state",
            ])
        #expect(
            ended.exitCode == 3 && ended.talk.contains("No space left on device"),
            "\(ended.exitCode ?? -1) \(ended.talk)")
        let (_, _, record) = try await newest()
        #expect(record["outcome"]?.string == "failed")
        #expect(record["cases"]?.elements.first?["streams"]?.elements.first?["kept"] == .null)
    }
}
