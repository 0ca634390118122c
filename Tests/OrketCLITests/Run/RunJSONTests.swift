import OrketCLI
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket run --json` against its published schema.
@Suite("orket run --json", .serialized, .timeLimit(.minutes(20)))
struct RunJSONTests {
    /// The one object on stdout; every violation of the schema is an issue.
    static func document(_ ended: OrketProgram.Ended) throws -> JSONValue {
        #expect(
            ended.stdout.last == 10 && ended.stdout.count { $0 == 10 } == 1,
            "\(ended.talk) \(String(describing: ended.exitCode))")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "run").violations(document) { Issue.record("\(violation)") }
        return document
    }

    private static func run(
        _ arguments: [String], code: Int32, environment: [String] = ["PATH=/bin"]
    ) async throws -> JSONValue {
        let ended = try await OrketProgram.run(["run", "--json"] + arguments, environment: environment)
        #expect(ended.exitCode == code, "\(ended.talk)")
        return try document(ended)
    }

    private static func primary(_ document: JSONValue) -> String? {
        document["reasons"]?.elements.first?["code"]?.string
    }

    @Test("a run that passes tells what it took and what was read back")
    func passes() async throws {
        let run = try await Self.run(["--limit", "pids=8", "--", "sh", "-c", "echo out; echo err >&2"], code: 0)
        #expect(run["outcome"] == .string("passed") && run["reasons"]?.elements == [])
        #expect(run["exit"] == .object([.init("code", .integer(0))]))
        #expect(run["stdout"]?["text"] == .string("out\n") && run["stderr"]?["text"] == .string("err\n"))
        #expect(run["stdout"]?["sha256"] == .string(Digest.hex(of: Array("out\n".utf8))))
        #expect(run["limits"]?["pids"] == .integer(8) && run["limits"]?["idleMs"] == .null)
        #expect(run["isolation"]?["mechanisms"]?["noNewPrivs"] == .string("1"))
        #expect((run["usage"]?["wallMs"]?.double ?? 0) > 0)
    }

    @Test(
        "each end of a program is told apart",
        arguments: [
            (["--", "sh", "-c", "exit 9"], "nonzero_exit", JSONValue.object([.init("code", .integer(9))])),
            (["--", "sh", "-c", "kill -TERM $$"], "signal", .object([.init("signal", .integer(15))])),
            (["--limit", "wall=200ms", "--", "sleep", "60"], "wall_time", .null),
        ])
    func fails(arguments: [String], reason: String, exit: JSONValue) async throws {
        let run = try await Self.run(arguments, code: 1)
        #expect(run["outcome"] == .string("failed") && Self.primary(run) == reason && run["exit"] == exit)
    }

    @Test("bytes that are no text are base64, and nothing is lost")
    func binary() async throws {
        let run = try await Self.run(["--", "printf", "\\377\\000ok"], code: 0)
        #expect(run["stdout"]?["base64"] == .string(Base64.encode([255, 0, 111, 107])))
        #expect(run["stdout"]?["text"] == nil && run["stdout"]?["bytes"] == .integer(4))
    }

    @Test("what is too long keeps its head and its tail and says where the gap is")
    func truncated() async throws {
        let run = try await Self.run(["--", "sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo end"], code: 0)
        let stdout = try #require(run["stdout"])
        #expect(stdout["bytes"] == .integer(3_000_004) && stdout["truncated"] == .bool(true))
        #expect(stdout["gapAt"] == .integer(1 << 20))
        #expect(stdout["text"]?.string?.hasSuffix("xend\n") == true)
        let whole = [UInt8](repeating: 120, count: 3_000_000) + Array("end\n".utf8)
        #expect(stdout["sha256"] == .string(Digest.hex(of: whole)))
    }

    @Test("text that steers terminals is escaped, and decodes to what the program wrote")
    func hostileText() async throws {
        let ended = try await OrketProgram.run(["run", "--json", "--", "printf", "\\033]0;x\\007\\342\\200\\256\\n"])
        let run = try Self.document(ended)
        #expect(!ended.stdout.contains(27) && !ended.stdout.contains(7))
        #expect(run["stdout"]?["text"] == .string("\u{1B}]0;x\u{7}\u{202E}\n"))
    }

    @Test("without a sandbox the run is inconclusive, and says so in the same form")
    func inconclusive() async throws {
        let run = try await Self.run(["--", "true"], code: 3, environment: ["ORKET_JAIL=/no/jail"])
        #expect(run["outcome"] == .string("inconclusive") && Self.primary(run) == "sandbox_setup_failed")
        #expect(run["exit"] == .null && run["plan"] == .null && run["isolation"]?["level"] == .integer(0))
        #expect(run["reasons"]?.elements.first?["detail"]?.string?.contains("/no/jail") == true)
    }

    @Test("files that were copied are told with their digests")
    func outputs() async throws {
        let scratch = ScratchDirectory()
        let run = try await Self.run(
            ["--output", "a:\(scratch.path)/a", "--output", "b:\(scratch.path)/b", "--", "sh", "-c", "echo one >a"],
            code: 1)
        #expect(Self.primary(run) == "artifact_missing")
        #expect(
            run["outputs"]?.elements == [
                .object([
                    .init("path", .string("a")), .init("file", .string(scratch.path + "/a")),
                    .init("bytes", .integer(4)),
                    .init("sha256", .string(Digest.hex(of: Array("one\n".utf8)))),
                ])
            ])
    }

    @Test("the plan that is shown is the one that is enforced, and showing it starts nothing")
    func plan() async throws {
        let options = ["--limit", "memory=64MiB", "--bind", "/usr/share:/data", "--env", "A=1"]
        let shown = try await OrketProgram.run(
            ["run", "--plan", "--json"] + options + ["--", "true"], environment: ["ORKET_JAIL=/no/jail"])
        #expect(shown.exitCode == 0)
        let plan = try StrictJSON.parse(shown.stdout)
        #expect(try SchemaChecker(named: "plan").violations(plan) == [])
        let text = try #require(plan["text"]?.string)
        #expect(plan["digest"] == .string(Digest.hex(of: Array(text.utf8))))
        #expect(plan["environment"]?["A"] == .string("1"))
        let run = try await Self.run(options + ["--", "true"], code: 0)
        #expect(run["plan"] == plan["digest"])
        let plain = try await OrketProgram.run(["run", "--plan"] + options + ["--", "true"])
        #expect(plain.output == text)
    }

    @Test("an ordinary user gets a sandbox too, with the level that it really has")
    func ordinaryUser() async throws {
        guard isMet(Process.userID == 0, "root, to become an ordinary user") else { return }
        let launcher = ["/usr/bin/setpriv", "--reuid=4243", "--regid=4243", "--clear-groups"]
        let ended = try await OrketProgram.run(["run", "--json", "--", "id", "-u"], launcher: launcher)
        #expect(ended.exitCode == 0)
        let run = try Self.document(ended)
        #expect(run["stdout"]?["text"] == .string("1000\n"))
        #expect(run["isolation"]?["mechanisms"]?["uidMap"] == .string("1000 4243 1"))
        let hasCgroup = run["isolation"]?["mechanisms"]?["cgroup.pids.max"] != nil
        #expect(run["isolation"]?["level"] == .integer(hasCgroup ? 4 : 3))
        #expect(run["isolation"]?["degraded"]?.elements.contains(.string("cgroup_memory")) == !hasCgroup)
        let shown = try await OrketProgram.run(["run", "--plan", "--json", "--", "id"], launcher: launcher)
        #expect(try StrictJSON.parse(shown.stdout)["digest"] == run["plan"])
    }

    @Test("a level that this host cannot give is refused with the repair, and nothing is run")
    func refusesLevel() async throws {
        let scratch = ScratchDirectory()
        let policy = try scratch.write(
            "strict.yaml", "schema: 1\nextends: default\nwhy: A test.\nminimumLevel: 4\n")
        guard isMet(Process.userID == 0, "root, to become an ordinary user") else { return }
        let launcher = ["/usr/bin/setpriv", "--reuid=4243", "--regid=4243", "--clear-groups"]
        let ended = try await OrketProgram.run(
            ["run", "--json", "--policy", policy, "--", "true"], launcher: launcher)
        let run = try Self.document(ended)
        // Where ordinary users have a delegated cgroup there is nothing to refuse.
        if run["isolation"]?["level"] == .integer(4) { return }
        #expect(ended.exitCode == 3 && Self.primary(run) == "degraded_isolation")
        let detail = run["reasons"]?.elements.first?["detail"]?.string ?? ""
        #expect(detail.contains("level 4") && detail.contains("systemd-run"))
    }
}

@Suite("The schema checker")
struct SchemaCheckerTests {
    private static let good = """
        {"schema":"orket.version/1","version":"1.2.3"}
        """

    @Test("accepts what fits and refuses one more key, one less, another type, another value")
    func checks() throws {
        let checker = try SchemaChecker(named: "version")
        #expect(checker.violations(try StrictJSON.parse(Array(Self.good.utf8))) == [])
        for bad in [
            #"{"schema":"orket.version/1","version":"1.2.3","more":1}"#, #"{"schema":"orket.version/1"}"#,
            #"{"schema":"orket.version/2","version":"1.2.3"}"#, #"{"schema":"orket.version/1","version":"1.2"}"#,
            #"{"schema":"orket.version/1","version":3}"#, "[]",
        ] {
            #expect(checker.violations(try StrictJSON.parse(Array(bad.utf8))) != [], "\(bad)")
        }
    }

    @Test("a keyword that it does not know is a violation, not a silence")
    func refusesUnknownKeywords() {
        let checker = SchemaChecker(.object([.init("propertyNames", .object([]))]))
        #expect(checker.violations(.object([])) != [])
    }
}
