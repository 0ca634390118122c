import Glibc
import OrketCLI
import OrketCore
import OrketSystem
import Testing

/// The real program, with real sandboxes.
@Suite("orket run", .serialized, .timeLimit(.minutes(20)))
struct RunCommandTests {
    // MARK: - Streams

    @Test("both streams pass through byte for byte, also what is no text")
    func passesBytes() async throws {
        let script = "printf '\\000\\377\\n\\033[31m'; head -c 3000000 /dev/zero | tr '\\0' x; printf 'err\\200' >&2"
        let ended = try await OrketProgram.run(["run", "--", "sh", "-c", script])
        #expect(ended.exitCode == 0, "\(ended.talk.prefix(2_000))")
        // Not compared in the expectation: to tell how millions of bytes differ would take hours.
        let isWhole = ended.stdout == [0, 255, 10, 27, 91, 51, 49, 109] + [UInt8](repeating: 120, count: 3_000_000)
        #expect(isWhole)
        #expect(Array(ended.stderr.prefix(4)) == [101, 114, 114, 128])
    }

    @Test("output arrives while the program runs, and stdin reaches it while it runs")
    func isLive() async throws {
        let program = try OrketProgram(["run", "--", "sh", "-c", "echo ready; read line; echo got $line"], input: nil)
        #expect(await program.waits(for: "ready\n"))
        try program.write("word\n")
        let ended = await program.ended()
        #expect(ended.output == "got word\n" && ended.exitCode == 0)
    }

    @Test("the summary is one line on stderr, also when the program writes what steers terminals")
    func summarises() async throws {
        let ended = try await OrketProgram.run(["run", "--", "sh", "-c", "exit 3"])
        #expect(ended.stdout.isEmpty)
        #expect(ended.talk.hasPrefix("orket: failed: nonzero_exit (exit code 3), wall "))
        #expect(ended.talk.filter { $0 == "\n" }.count == 1 && ended.talk.hasSuffix("\n"))
        #expect(ended.talk.contains("isolation level"))
    }

    @Test("a slow reader makes the program wait, loses nothing, and keeps no limit from being enforced")
    func slowReader() async throws {
        let program = try OrketProgram([
            "run", "--limit", "output=1TiB", "--limit", "wall=500ms", "--limit", "idle=200ms", "--", "yes",
        ])
        #expect(await program.waits(for: "y\n"))
        // Nobody reads until the run is over: only a limit can end a program that writes without end.
        try await Traces.waitForSandboxes(of: program.pid)
        let ended = await program.ended()
        #expect(ended.exitCode == 1)
        #expect(ended.talk.hasPrefix("orket: failed: wall_time"), "\(ended.talk)")
        #expect(ended.stdout.count > 1 << 20 && ended.stdout.count < 8 << 20)
        #expect(zip(ended.stdout, ended.stdout.dropFirst()).allSatisfy { Set([$0, $1]) == [121, 10] })
    }

    @Test("a reader that goes away ends the run, and leaves nothing")
    func brokenPipe() async throws {
        let program = try OrketProgram(["run", "--", "yes"])
        #expect(await program.waits(for: "y\n"))
        let traces = Traces(of: program.pid)
        #expect(traces.processCount > 1)
        program.output.close()
        #expect(await program.status() == 130)
        #expect(traces.remains().isEmpty)
    }

    @Test("a stream that cannot be written is never a pass")
    func fullDevice() async throws {
        let ended = try await OrketProgram.run(
            ["run", "--", "echo", "lost"], launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/full"])
        #expect(ended.exitCode == 3)
        #expect(ended.talk.contains("stdout cannot be written: No space left on device"))
    }

    @Test("a closed stream is no place for anything else", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func closedStreams(redirection: String) async throws {
        let ended = try await OrketProgram.run(
            ["run", "--", "sh", "-c", "cat; echo out; echo err >&2"],
            launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" \(redirection)"])
        #expect(ended.exitCode == 0)
        #expect(ended.output == (redirection.contains(" >&-") || redirection == ">&-" ? "" : "out\n"))
        #expect(redirection.contains("2>&-") ? ended.stderr.isEmpty : ended.talk.hasPrefix("err\norket: passed"))
    }

    // MARK: - Stdin

    @Test("stdin passes through, --input takes its place, and both may be left unread")
    func stdin() async throws {
        let scratch = ScratchDirectory()
        let file = try scratch.write("in", "from the file\n")
        #expect(try await OrketProgram.run(["run", "--", "cat"], input: Array("piped\n".utf8)).output == "piped\n")
        let read = try await OrketProgram.run(["run", "--input", file, "--", "cat"], input: Array("piped\n".utf8))
        #expect(read.output == "from the file\n")
        let unread = try await OrketProgram.run(["run", "--", "true"], input: Array("piped\n".utf8))
        #expect(unread.exitCode == 0)
    }

    @Test("an input larger than any pipe arrives whole, and may be left half read")
    func largeInput() async throws {
        let scratch = ScratchDirectory()
        let file = try scratch.write("in", String(repeating: "0123456789abcdef", count: 200_000))
        let all = try await OrketProgram.run(["run", "--input", file, "--", "wc", "-c"])
        #expect(all.output == "3200000\n")
        #expect(try await OrketProgram.run(["run", "--input", file, "--", "head", "-c", "1"]).output == "0")
    }

    @Test("a FIFO is waited for until it has a writer")
    func fifo() async throws {
        let scratch = ScratchDirectory()
        let path = scratch.path + "/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let program = try OrketProgram(["run", "--input", path, "--", "sh", "-c", "echo ready; cat"])
        #expect(await program.waits(for: "ready\n"))
        let writer = try await Blocking.run { Result { try Files.open(path, writing: true) } }.get()
        try writer.writeAll(Array("late\n".utf8))
        writer.close()
        #expect(await program.ended().output == "late\n")
    }

    // MARK: - Exit codes and refusals

    @Test(
        "the exit code is the outcome's, never the program's",
        arguments: [
            (["true"], 0), (["sh", "-c", "exit 77"], 1), (["sh", "-c", "kill -9 $$"], 1), (["/etc/passwd"], 3),
        ] as [([String], Int32)])
    func exitCodes(argv: [String], code: Int32) async throws {
        #expect(try await OrketProgram.run(["run", "--"] + argv).exitCode == code)
    }

    @Test("an output that is a link is rejected with exit code 4, and nothing is written")
    func rejects() async throws {
        let scratch = ScratchDirectory()
        let file = scratch.path + "/copy"
        let ended = try await OrketProgram.run(
            ["run", "--output", "x:\(file)", "--", "ln", "-s", "/etc/passwd", "/box/x"])
        #expect(ended.exitCode == 4)
        #expect(ended.talk.contains("artifact_rejected"))
        #expect(!Files.exists(file))
    }

    @Test("outputs are copied, with their execute permission")
    func copiesOutputs() async throws {
        let scratch = ScratchDirectory()
        let arguments = [
            "run", "--output", "a:\(scratch.path)/a", "--output", "/box/d/b:\(scratch.path)/b", "--", "sh", "-c",
            "echo one >a; mkdir d; echo two >d/b; chmod +x d/b",
        ]
        let ended = try await OrketProgram.run(arguments)
        #expect(ended.exitCode == 0, "\(ended.talk)")
        #expect(try scratch.text("a") == "one\n" && scratch.text("b") == "two\n")
        #expect(!HostPrograms.isExecutable(scratch.path + "/a") && HostPrograms.isExecutable(scratch.path + "/b"))
        // A second run would overwrite: refused before anything starts.
        let again = try await OrketProgram.run(arguments)
        #expect(again.exitCode == 2 && again.talk.contains("exists already"))
    }

    @Test("bad input is refused with every finding at once, and nothing is started")
    func refuses() async throws {
        let ended = try await OrketProgram.run(
            [
                "run", "--json", "--policy", "no-such-policy", "--limit", "speed=1", "--limit", "wall=0", "--limit",
                "memory=-1", "--bind", "/no/such:/x", "--bind", "/usr:relative", "--env", "1A=2", "--env",
                "ORKET_UNSET",
                "--input", "/no/input", "--output", "../up", "--",
            ], environment: ["ORKET_JAIL=/no/jail", "PATH=/usr/bin"])
        #expect(ended.exitCode == 2)
        #expect(ended.stdout.isEmpty)
        let lines = ended.talk.split(separator: "\n")
        #expect(lines.count == 11 && lines.allSatisfy { $0.hasPrefix("orket: ") }, "\(ended.talk)")
        for part in [
            "no-such-policy: no such policy; known: ", "\"speed=1\"", "wall: ", "memory: a negative", "\"/no/such:/x\"",
            "\"relative\" is not absolute", "\"1A\"", "\"ORKET_UNSET\": is not set", "\"/no/input\": cannot be read",
            "\"../up\"", "ARGV: no program is named",
        ] {
            #expect(ended.talk.contains(part), "\(part)")
        }
    }

    @Test(
        "bad usage has exit code 2",
        arguments: [
            ["run", "--no-such-option", "--", "true"], ["run", "true"], ["run"], ["run", "--limit"],
            ["no-such-command"],
            ["run", "--", "no-such-program"], ["run", "--", "./not-there"], ["run", "--bind", "/usr", "--", "true"],
        ])
    func badUsage(arguments: [String]) async throws {
        let ended = try await OrketProgram.run(arguments)
        #expect(ended.exitCode == 2 && ended.stdout.isEmpty && !ended.stderr.isEmpty)
    }

    // MARK: - What the program sees

    @Test("the program sees the policy's environment, what --env adds, and nothing of ours")
    func environment() async throws {
        let ended = try await OrketProgram.run(
            ["run", "--env", "GIVEN=1", "--env", "PASSED", "--env", "HOME=/tmp", "--", "env"],
            environment: ["PATH=/usr/bin:/bin", "PASSED=theirs", "SECRET=key"])
        let lines = Set(ended.output.split(separator: "\n").map(String.init))
        #expect(lines.isSuperset(of: ["GIVEN=1", "PASSED=theirs", "HOME=/tmp", "USER=candidate"]))
        #expect(!lines.contains { $0.hasPrefix("SECRET") || $0.hasPrefix("SWIFT_BACKTRACE") })
    }

    @Test("a policy may let variables of the caller pass, and --env wins over them")
    func passesEnvironment() async throws {
        let scratch = ScratchDirectory()
        let policy = try scratch.write(
            "pass.yaml",
            "schema: 1\nextends: default\nwhy: A test.\npassEnvironment:\n"
                + ["A", "B", "UNSET"].map { "  - {name: \($0), why: A test.}\n" }.joined())
        let ended = try await OrketProgram.run(
            ["run", "--policy", policy, "--env", "B=mine", "--", "sh", "-c", "echo $A $B ${UNSET-unset} ${C-unset}"],
            environment: ["A=theirs", "B=theirs", "C=theirs"])
        #expect(ended.output == "theirs mine unset unset\n", "\(ended.talk)")
    }

    @Test("a bind shows a file or directory read-only, and writable when asked")
    func binds() async throws {
        let scratch = ScratchDirectory()
        try scratch.write("file", "shown\n")
        let directory = try scratch.makeDirectory("open", mode: 0o777)
        let script = "cat /opt/file; echo no >/opt/file; echo no >/opt/new; echo yes >/data/made; cat /one"
        let ended = try await OrketProgram.run([
            "run", "--bind", "\(scratch.path):/opt", "--bind", "\(directory):/data:rw", "--bind",
            "\(scratch.path)/file:/one", "--", "sh", "-c", script,
        ])
        #expect(ended.output == "shown\nshown\n")
        #expect(ended.talk.contains("Read-only file system"))
        #expect(try scratch.text("file") == "shown\n" && scratch.text("open/made") == "yes\n")
        #expect(!Files.exists(scratch.path + "/new"))
    }

    @Test("a program of the host runs where a bind shows it")
    func runsBoundProgram() async throws {
        let scratch = ScratchDirectory()
        let tool = try scratch.write("tool", "#!/bin/sh\necho \"$1\" from tool\n", mode: 0o755)
        let ended = try await OrketProgram.run(["run", "--bind", "\(tool):/opt/tool", "--", "/opt/tool", "hello"])
        #expect(ended.output == "hello from tool\n")
    }

    @Test("limits are in force", arguments: [("wall=200ms", "wall_time"), ("output=10B", "output_limit")])
    func limits(limit: String, reason: String) async throws {
        let ended = try await OrketProgram.run([
            "run", "--limit", limit, "--", "sh", "-c", "echo 12345678901; sleep 60",
        ])
        #expect(ended.exitCode == 1 && ended.talk.contains(": failed: \(reason) "), "\(ended.talk)")
    }
}

@Suite("orket version")
struct VersionCommandTests {
    @Test("prints the version for people and for scripts")
    func prints() async throws {
        #expect(try await OrketProgram.run(["version"]).output == "orket \(Version.current)\n")
        let json = try await OrketProgram.run(["version", "--json"])
        #expect(try SchemaChecker(named: "version").violations(StrictJSON.parse(json.stdout)).isEmpty)
    }
}
