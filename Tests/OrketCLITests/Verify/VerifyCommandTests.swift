import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket verify` as people and scripts run it, in the real sandbox.
@Suite("orket verify", .serialized, .timeLimit(.minutes(20)))
struct VerifyCommandTests {
    private let scratch = ScratchDirectory()

    private static func demo(_ name: String) -> String { packageRoot + "/fixtures/demo/" + name }

    private static func checked(_ text: String, _ schema: String) throws -> JSONValue {
        let document = try StrictJSON.parse(Array(text.utf8))
        for violation in try SchemaChecker(named: schema).violations(document) { Issue.record("\(violation)") }
        return document
    }

    /// The records of the sample corpus in the languages that start fastest, `copies` times under other ids.
    private func corpus(copies: Int) throws -> (file: String, count: Int) {
        let bytes = try HostFile.contents(packageRoot + "/fixtures/corpus/sample.jsonl", maximumBytes: 1 << 20)
        let lines = bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.contains("\"orket/bash/") || $0.contains("\"orket/perl/") }
        let all = (0..<copies).flatMap { copy in
            lines.map { $0.replacing("\"id\": \"orket/", with: "\"id\": \"copy-\(copy)/") }
        }
        let file = try scratch.write("corpus.jsonl", all.map { $0 + "\n" }.joined())
        return (file, all.count)
    }

    @Test("fixtures as a table: one line each, and what they expect decides with --check-expectations")
    func table() async throws {
        let paths = [Self.demo("good-bash"), Self.demo("cheat-claims-python")]
        let plain = try await OrketProgram.run(["verify"] + paths)
        #expect(plain.exitCode == 1, "one of them fails")
        let rows = plain.output.split(separator: "\n")
        #expect(rows.count == 3 && rows[0].hasPrefix("fixture "))
        #expect(rows.contains { $0.hasPrefix("good-bash ") && $0.contains(" passed ") })
        #expect(rows.contains { $0.hasPrefix("cheat-claims-python ") && $0.contains(" wrong_output ") })
        let checked = try await OrketProgram.run(["verify", "--check-expectations", "--show-isolation"] + paths)
        #expect(checked.exitCode == 0)
        #expect(checked.output.contains("Read back from the kernel"))
        #expect(checked.talk.contains("2 of 2 fixtures"))
    }

    @Test("a candidate that closes its stdin while it is fed is its own result, and orket goes on")
    func closedInput() async throws {
        // More than any pipe holds, so that orket is still writing.
        let lines = String(repeating: "7\n", count: 1 << 20)
        try scratch.write("large.in", lines)
        try scratch.write("deaf.sh", "exec 0<&-\nsleep 0.3\necho done\n")
        try scratch.write("chatter.sh", "head -c 1000000 /dev/zero 2>/dev/null\ncat >/dev/null\nexit 1\n")
        let head = "schema: 1\nwhy: stdin closed\nlanguage: bash\nsource: deaf.sh\nrun: [bash, deaf.sh]\n"
        let cli = try scratch.write(
            "cli.yaml", head + "id: fed\nkind: cli\ncases: [{id: a, stdinFile: large.in, expected: done}]\n")
        let match = try scratch.write(
            "match.yaml",
            head + "id: matched\nkind: judge\ninteractive: true\ncases: [{id: a}]\n"
                + "judge: {language: bash, source: chatter.sh, run: [bash, chatter.sh]}\n")
        let ended = try await OrketProgram.run(["verify", "--no-evidence", "--format", "json", cli, match])
        #expect(ended.exitCode != nil, "no signal ended it")
        let document = try Self.checked(ended.output, "verification")
        let outcomes = document["fixtures"]?.elements.map { $0["outcome"]?.string ?? "" }
        #expect(outcomes == ["passed", "failed"], "\(ended.output.suffix(600))")
    }

    @Test("another candidate is judged in the place of the fixture's own, and what it misses is named")
    func candidate() async throws {
        let wrong = try scratch.write("mine.sh", "echo 7\n")
        let ended = try await OrketProgram.run(
            ["verify", Self.demo("good-bash"), "--candidate", wrong, "--check-expectations"])
        #expect(ended.exitCode == 1)
        #expect(ended.talk.contains("0 of 1 fixtures"))
        #expect(ended.talk.contains("good-bash: expected passed -, is failed wrong_output"))
    }

    @Test("fixtures as JSON keep to the published schema, also line by line, and several reports come of one run")
    func json() async throws {
        try scratch.write("lines", "old")
        let lines = scratch.path + "/lines"
        let ended = try await OrketProgram.run(
            ["verify", "--format", "json", "--report", "jsonl=\(lines)", "--report", "junit=\(scratch.path)/j.xml"]
                + [Self.demo("good-bash"), Self.demo("broken-c")])
        let document = try Self.checked(ended.output, "verification")
        #expect(document["fixtures"]?.elements.map { $0["outcome"]?.string } == ["failed", "passed"])
        let broken = try #require(document["fixtures"]?.elements.first)
        #expect(broken["reasons"]?.elements.first?["code"] == .string("compile_error"))
        #expect(broken["cases"]?.elements.allSatisfy { $0["outcome"] == .null } == true)
        let good = try #require(document["fixtures"]?.elements.last?["cases"]?.elements)
        #expect(good.count == 3 && good.allSatisfy { $0["exit"]?["code"] == .integer(0) })
        #expect(
            try scratch.text("lines").split(separator: "\n").map(String.init)
                == document["fixtures"]?.elements.map(\.text))
        #expect(try scratch.text("j.xml").contains("<testsuite name=\"good-bash\""))
        #expect(try Files.names(in: scratch.path).sorted() == ["j.xml", "lines"], "nothing temporary is left")
    }

    @Test("a report that cannot be written is refused before anything starts, and never half-written")
    func badOutputs() async throws {
        let good = Self.demo("good-bash")
        for output in [scratch.path, scratch.path + "/no/such", "/dev/full/x"] {
            let ended = try await OrketProgram.run(["verify", good, "nowhere", "--output", output])
            #expect(
                ended.exitCode == 2 && ended.talk.contains(output) && ended.talk.contains("nowhere"), "all findings")
        }
        let twice = try await OrketProgram.run(["verify", good, "--report", "json=a", "--report", "jsonl=a"])
        #expect(twice.exitCode == 2 && twice.talk.contains("two reports"))
        let full = try await OrketProgram.run(["verify", good, "--output", "/dev/full"])
        #expect(full.exitCode == 3 && full.talk.contains("was not written"))
        for argument in ["json", "colour=x", "json="] {
            #expect(try await OrketProgram.run(["verify", good, "--report", argument]).exitCode == 2)
        }
    }

    @Test(
        "in a step of GitHub the failures are annotated at their lines, and the summary is appended as far as there is room"
    )
    func github() async throws {
        let summary = try scratch.write("summary", "before\n")
        let environment = ["PATH=/usr/bin:/bin", "GITHUB_STEP_SUMMARY=\(summary)"]
        let arguments = ["verify", Self.demo("cheat-claims-python"), "--format", "github"]
        let ended = try await OrketProgram.run(arguments, environment: environment)
        #expect(ended.exitCode == 1)
        let first = try #require(ended.output.split(separator: "\n").first)
        #expect(
            first.hasPrefix("::error file=") && first.contains("fixture.yaml,line=")
                && first.contains("::wrong_output: "))
        #expect(try scratch.text("summary").hasPrefix("before\n## orket: failed"))
        try scratch.write("full", String(repeating: "x", count: (1 << 20) - 10))
        let full = try await OrketProgram.run(
            arguments, environment: ["PATH=/usr/bin:/bin", "GITHUB_STEP_SUMMARY=\(scratch.path)/full"])
        #expect(full.exitCode == 1)
        #expect(try HostFile.contents(scratch.path + "/full", maximumBytes: 1 << 20).count == (1 << 20) - 10)
        let lost = try await OrketProgram.run(
            arguments, environment: ["PATH=/usr/bin:/bin", "GITHUB_STEP_SUMMARY=\(scratch.path)/no/file"])
        #expect(lost.exitCode == 3 && lost.talk.contains("summary was not written"))
    }

    @Test("where no sandbox can be had, the reports say so: none of an earlier run stands for this one")
    func noSandbox() async throws {
        let file = try scratch.write("report.json", "of an earlier run")
        let ended = try await OrketProgram.run(
            ["verify", Self.demo("good-bash"), "--format", "json", "--output", file],
            environment: ["PATH=/usr/bin:/bin", "ORKET_JAIL=/nowhere/orket-jail"])
        #expect(ended.exitCode == 3 && ended.talk.contains("orket-jail"))
        let document = try Self.checked(try scratch.text("report.json"), "verification")
        #expect(document["outcome"] == .string("inconclusive"))
        let fixture = try #require(document["fixtures"]?.elements.first)
        #expect(fixture["reasons"]?.elements.first?["code"] == .string("sandbox_setup_failed"))
        #expect(fixture["cases"]?.elements.count == 3)
        #expect(fixture["cases"]?.elements.allSatisfy { $0["outcome"] == .null } == true)
    }

    @Test("on a terminal the table has colours and the terminal's width, and neither with NO_COLOR nor in a file")
    func terminal() async throws {
        // script(1) gives the program a terminal of its own.
        let launcher = ["/bin/sh", "-c", "exec script -qec \"stty cols 100; exec $0 $*\" /dev/null"]
        guard isMet(Files.exists("/usr/bin/script"), "script(1)") else { return }
        func shown(_ environment: [String]) async throws -> String {
            try await OrketProgram.run(
                ["verify", Self.demo("good-bash"), Self.demo("cheat-claims-python")],
                environment: ["PATH=/usr/bin:/bin", "TERM=xterm"] + environment, launcher: launcher
            ).output
        }
        let colourful = try await shown([])
        #expect(colourful.contains("\u{1B}[32mpassed\u{1B}[0m") && colourful.contains("\u{1B}[31mfailed\u{1B}[0m"))
        let plain = try await shown(["NO_COLOR=1"])
        #expect(!plain.contains("\u{1B}"))
        #expect(plain.split { $0.isNewline }.allSatisfy { $0.count <= 100 })
    }

    @Test("a corpus gives a verdict a line and a summary, both as published")
    func corpusFormats() async throws {
        let (file, count) = try corpus(copies: 1)
        let output = scratch.path + "/verdicts.jsonl"
        let ended = try await OrketProgram.run(["verify", "--corpus", file, "--output", output, "--json"])
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let summary = try Self.checked(ended.output, "verify-summary")
        #expect(summary["agreed"] == .integer(Int64(count)) && summary["records"] == summary["planned"])
        let lines = try HostFile.contents(output, maximumBytes: 1 << 20).split(separator: 10)
        #expect(lines.count == count)
        for line in lines { _ = try Self.checked(String(decoding: line, as: UTF8.self), "verdict") }
    }

    @Test(
        "a corpus run that is killed or interrupted half-way goes on, comes to the same digest and leaves nothing",
        arguments: [SIGKILL, SIGINT])
    func resumes(signal: Int32) async throws {
        let (file, count) = try corpus(copies: 12)
        let output = scratch.path + "/verdicts.jsonl"
        let arguments = ["verify", "--corpus", file, "--output", output, "--json"]
        let program = try OrketProgram(arguments)
        // Lines are there, so sandboxes are at work.
        while ((try? HostFile.contents(output, maximumBytes: 1 << 20))?.count { $0 == 10 } ?? 0) < 3 {
            try await Task.sleep(for: .milliseconds(10))
        }
        let traces = Traces(of: program.pid)
        #expect(traces.processCount > 0)
        program.send(signal)
        let ended = await program.ended()
        #expect(ended.exitCode == (signal == SIGINT ? 130 : nil))
        if signal == SIGINT {
            let summary = try Self.checked(ended.output, "verify-summary")
            #expect(summary["planned"] == .integer(Int64(count)) && summary["records"] != summary["planned"])
        }
        let resumed = try await OrketProgram.run(arguments + ["--resume"])
        #expect(resumed.exitCode == 0, "\(resumed.talk)")
        // The kernel takes its time with what it has already killed: the suite's time limit bounds the wait.
        while !traces.remains().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let whole = try await OrketProgram.run(["verify", "--corpus", file, "--json", "--output", output + "2"])
        let (first, second) = (try Self.checked(resumed.output, "verify-summary"), try StrictJSON.parse(whole.stdout))
        #expect(first["records"] == .integer(Int64(count)) && first["digest"] == second["digest"])
    }

    @Test(
        "what means nothing is refused before anything starts",
        arguments: [
            ["verify"], ["verify", "nowhere"], ["verify", "--jobs", "0", "x"], ["verify", "--resume", "x"],
            ["verify", "--corpus", "/dev/null"], ["verify", "--corpus", "nowhere.jsonl"],
            ["verify", "--corpus", "x", "--resume"], ["verify", "--corpus", "x", "--candidate", "y"],
        ])
    func usage(arguments: [String]) async throws {
        let ended = try await OrketProgram.run(arguments)
        #expect(ended.exitCode == 2 && ended.output.isEmpty && !ended.talk.isEmpty)
    }

    @Test("every bad line of a corpus is named at once, and nothing runs")
    func badCorpus() async throws {
        let file = try scratch.write("bad.jsonl", "{\n{\"id\": 3, \"colour\": 1}\n[]\n")
        let ended = try await OrketProgram.run(["verify", "--corpus", file])
        #expect(ended.exitCode == 2 && ended.output.isEmpty)
        for line in 1...3 { #expect(ended.talk.contains("bad.jsonl:\(line):"), "line \(line)") }
        #expect(ended.talk.contains("unknown key 'colour'"))
    }
}
