import Glibc
import OrketCLI
import OrketSystem
import OrketCore
import Testing

/// Signals to the real program, and what is left of it.
@Suite("Signals to a running `orket run`", .serialized, .timeLimit(.minutes(20)))
struct RunSignalTests {
    /// A program that tells each signal and ends on none.
    private static let stubborn = """
        for s in INT TERM HUP QUIT USR1 USR2; do trap "echo got $s" $s; done
        echo ready
        while :; do sleep 0.05; done
        """

    private static func start(_ script: String = stubborn, launcher: [String] = []) async throws -> OrketProgram {
        let program = try OrketProgram(
            ["run", "--limit", "wall=60s", "--", "sh", "-c", script], input: nil, launcher: launcher)
        #expect(await program.waits(for: "ready\n"))
        return program
    }

    @Test("messages are passed on and the run goes on", arguments: [(SIGUSR1, "USR1"), (SIGUSR2, "USR2")])
    func messages(number: Int32, name: String) async throws {
        let script =
            "trap 'echo got \(name); told=1' \(name); echo ready; until [ $told ]; do sleep 0.02; done; echo end"
        let program = try await Self.start(script)
        program.send(number)
        let ended = await program.ended()
        #expect(ended.exitCode == 0 && ended.output == "got \(name)\nend\n", "\(ended.output)")
    }

    @Test(
        "a signal that asks for an end reaches the program, which may end by itself",
        arguments: [(SIGINT, "INT"), (SIGTERM, "TERM"), (SIGHUP, "HUP"), (SIGQUIT, "QUIT")])
    func forwards(number: Int32, name: String) async throws {
        let program = try await Self.start(
            "trap 'echo got \(name); exit 0' \(name); echo ready; while :; do sleep 0.05; done")
        let traces = Traces(of: program.pid)
        program.send(number)
        let ended = await program.ended()
        #expect(ended.exitCode == 130 && ended.output == "got \(name)\n")
        #expect(ended.talk.contains("cancelled: cancelled (interrupted by SIG\(name))"), "\(ended.talk)")
        #expect(traces.processCount > 1 && traces.remains().isEmpty)
    }

    @Test("what a terminal would send to all reaches what the program started", arguments: [SIGINT, SIGHUP, SIGQUIT])
    func forwardsToGroup(number: Int32) async throws {
        // Before Linux 6.9 no process group can be named without naming a number that may be another's.
        guard isMet(KernelFeatures.probe().release?.isAtLeast(6, 9) ?? false, "Linux 6.9") else { return }
        let program = try await Self.start("trap 'echo got' INT HUP QUIT; (echo ready; exec sleep 50); echo end")
        program.send(number)
        let ended = await program.ended()
        #expect(ended.exitCode == 130 && ended.output == "got\nend\n")
    }

    @Test("a program that does not end is killed after a moment, and by a second signal at once", arguments: [1, 2])
    func kills(signals: Int) async throws {
        let program = try await Self.start()
        let traces = Traces(of: program.pid)
        program.send(SIGINT)
        #expect(await program.waits(for: "got INT\n"))
        if signals == 2 { program.send(SIGINT) }
        #expect(await program.ended().exitCode == 130)
        #expect(traces.processCount > 1 && traces.remains().isEmpty)
    }

    @Test("an interrupted run with --json still prints its one object")
    func json() async throws {
        let scratch = ScratchDirectory()
        let directory = try scratch.makeDirectory("open", mode: 0o777)
        let program = try OrketProgram([
            "run", "--json", "--bind", "\(directory):/data:rw", "--", "sh", "-c", "echo hi; >/data/started; sleep 60",
        ])
        while !Files.exists(directory + "/started") { try await Task.sleep(for: .milliseconds(5)) }
        program.send(SIGINT)
        let ended = await program.ended()
        #expect(ended.exitCode == 130)
        let document = try RunJSONTests.document(ended)
        #expect(document["outcome"] == .string("cancelled"))
        #expect(document["stdout"]?["text"] == .string("hi\n"))
    }

    @Test("a signal that was ignored at start stays ignored")
    func staysIgnored() async throws {
        let program = try await Self.start(
            "echo ready; read x", launcher: ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""])
        program.send(SIGHUP)
        program.closeInput()
        #expect(await program.ended().exitCode == 1)
    }

    @Test("an end that is asked for while the output waits for its reader is an end")
    func interruptsWriting() async throws {
        // More than the pipe takes, so that writing outlasts the program.
        let program = try await Self.start("echo ready; head -c 500000 /dev/zero")
        let traces = Traces(of: program.pid)
        try await Traces.waitForSandboxes(of: program.pid)
        program.send(SIGINT)
        #expect(await program.status() == 130)
        #expect(traces.remains().isEmpty)
    }

    @Test("when orket itself is killed, no process is left, and the next run removes the cgroups")
    func killed() async throws {
        let program = try await Self.start()
        let traces = Traces(of: program.pid)
        program.send(SIGKILL)
        #expect(await program.status() == nil)
        // The kernel takes the rest down by itself, on its own time.
        while traces.remains().contains(where: { $0.hasPrefix("process") }) {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try await OrketProgram.run(["run", "--", "true"]).exitCode == 0)
        #expect(traces.remains().isEmpty)
    }

    @Test("nothing is left of a run that ends by itself: no process, cgroup, record")
    func endsClean() async throws {
        let scratch = ScratchDirectory()
        let state = scratch.path + "/state"
        let program = try OrketProgram(
            ["run", "--", "sh", "-c", "sleep 60 & setsid sleep 60 & echo ready; read x"], input: nil,
            environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(state)"])
        #expect(await program.waits(for: "ready\n"))
        let traces = Traces(of: program.pid)
        // The jail, the shape's warden, pid 1, the shell, two sleepers.
        #expect(traces.processCount >= 6)
        #expect(try !Files.names(in: state).isEmpty)
        program.closeInput()
        #expect(await program.ended().exitCode == 1)
        #expect(traces.remains().isEmpty)
        #expect(try Files.names(in: state).isEmpty)
    }
}
