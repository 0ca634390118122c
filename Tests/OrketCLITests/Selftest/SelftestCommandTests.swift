import Glibc
import OrketCore
import OrketSystem
import Testing

/// `orket selftest` as people run it, on a part of the corpus; the whole is a stage of the gate.
@Suite("orket selftest", .serialized, .timeLimit(.minutes(20)))
struct SelftestCommandTests {
    private static func report(_ arguments: [String], launcher: [String] = []) async throws -> JSONValue {
        let ended = try await OrketProgram.run(["selftest", "--json"] + arguments, launcher: launcher)
        #expect(ended.exitCode == 0, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "selftest").violations(document) { Issue.record("\(violation)") }
        return document
    }

    @Test(
        "programs of several languages hold, each with a control run that did not", arguments: ["environment", "fork"])
    func holds(filter: String) async throws {
        let programs = try await Self.report(["--filter", filter])["programs"]?.elements ?? []
        #expect(programs.count >= 2)
        for program in programs {
            #expect(program["verdict"] == .string("held"), "\(program.text)")
            #expect(program["hostileRun"]?["survivors"] == .integer(0))
            #expect(
                program["hostileRun"]?["outcome"] != program["controlRun"]?["outcome"]
                    || program["hostileRun"]?["exit"] != program["controlRun"]?["exit"]
                    || program["controlRun"]?["survivors"] != .integer(0))
        }
    }

    @Test("an ordinary user gets a sandbox that holds as well, and an honest reason for each row that is left out")
    func ordinaryUser() async throws {
        guard isMet(Process.userID == 0 && Files.exists("/usr/bin/setpriv"), "root, setpriv") else { return }
        let report = try await Self.report(
            ["--filter", "memory"],
            launcher: ["/usr/bin/setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", "--no-new-privs"])
        let programs = report["programs"]?.elements ?? []
        #expect(programs.contains { $0["verdict"] == .string("held") })
        for program in programs where program["verdict"] == .string("skipped") {
            let detail = program["detail"]?.string ?? ""
            #expect(detail.hasPrefix("needs ") || detail.hasPrefix("not applicable: "), "\(detail)")
        }
    }

    @Test("nothing of the self-test is left on the host")
    func leavesNothing() async throws {
        let scratch = ScratchDirectory()
        let program = try OrketProgram(
            ["selftest", "--filter", "daemon"], environment: ["PATH=/usr/bin:/bin", "TMPDIR=\(scratch.path)"])
        let pid = program.pid
        let ended = await program.ended()
        #expect(ended.exitCode == 0, "\(ended.output)")
        #expect(Traces(of: pid).cgroupCount == 0)
        #expect(try Files.names(in: scratch.path) == [])
    }

    @Test("a filter that fits nothing and an unknown policy are bad usage")
    func usage() async throws {
        for arguments in [["--filter", "nowhere"], ["--policy", "nowhere"], ["--policy", "base"]] {
            let ended = try await OrketProgram.run(["selftest"] + arguments)
            #expect(ended.exitCode == 2 && ended.output.isEmpty && !ended.talk.isEmpty)
        }
    }
}
