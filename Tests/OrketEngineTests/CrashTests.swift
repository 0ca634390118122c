import Glibc
import OrketEngine
import OrketSystem
import OrketTestSupport
import Testing

/// Real processes with the real store, killed by SIGKILL at every journal point.
@Suite("Killed at every journal point")
struct CrashTests {
    /// One board in a directory of its own, and the processes that ran it.
    private final class Board: Sendable {
        private let root = TemporaryDirectory()

        struct End {
            var status: Int32
            var text: String
            var wasKilled: Bool { status & 0x7f == SIGKILL }
        }

        /// Runs the driver; `kill` is the number of the journal point at which it ends itself, 0 for none.
        func run(kill: Int = 0) async throws -> End {
            let output = try MemoryFile(name: "output")
            _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
            let pid = try Process.spawn(
                (HostPrograms.ownDirectory() ?? "") + "/orket-engine-driver",
                arguments: [root.path, "session", String(kill)],
                environment: ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"], stdout: output.descriptor.raw,
                stderr: output.descriptor.raw)
            let status = await Blocking.run { Process.reap(pid, wait: true) ?? -1 }
            return End(status: status, text: Files.reread(output.descriptor, capacity: 1 << 20))
        }

        /// What all processes did, in its order.
        func log() throws -> [[String]] {
            try Files.text(root.path + "/log").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        }
    }

    /// Work whose candidate was stored is not done again, nor is a verification whose evidence was stored; nothing is
    /// integrated twice.
    private static func repeats(_ log: [[String]]) -> [String] {
        var delivered: [String: Int] = [:]
        var verified: [String: Int] = [:]
        var integrated: Set<String> = []
        var found: [String] = []
        for line in log {
            switch line[0] {
            case "work" where Int(line[2])! <= delivered[line[1], default: 0]: found.append("\(line)")
            case "verified-work" where delivered[line[1], default: 0] <= verified[line[1], default: 0]:
                found.append("\(line)")
            case "integrated" where !integrated.insert(line[1]).inserted: found.append("\(line)")
            case "point" where line[2] == "after" && line[1] == "delivered": delivered[line[3], default: 0] += 1
            case "point" where line[2] == "after" && line[1] == "verified": verified[line[3], default: 0] += 1
            default: break
            }
        }
        return found
    }

    /// What a run comes to that nobody kills, and how many journal points it has.
    private static func undisturbed() async throws -> (state: String, points: [[String]]) {
        let board = Board()
        let end = try await board.run()
        #expect(end.status == 0, "\(end.text)")
        let log = try board.log()
        #expect(repeats(log) == [])
        return (end.text, log.filter { $0[0] == "point" })
    }

    @Test("the board of this suite has every end: done at once, done at the second try, failed, let go, unreached")
    func board() async throws {
        let end = try await Self.undisturbed()
        let lines = end.state.split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(
            lines == [
                "outcome completed_with_failures", "plain done -", "flaky done -", "never blocked review",
                "behind done -",
                "unreached blocked dependency", "ledger behind flaky plain", lines.last ?? "",
            ])
    }

    @Test(
        "killed just before or just after any journal point and restarted, a run reaches the same final state, and does nothing twice"
    )
    func everyPoint() async throws {
        let undisturbed = try await Self.undisturbed()
        #expect(undisturbed.points.count >= 50)
        // Two boards at a time: each is a few processes that mostly wait for the disk.
        let killedAt = try await withThrowingTaskGroup(of: Set<String>.self) { group in
            for lane in 1...2 {
                group.addTask {
                    var killedAt: Set<String> = []
                    for number in stride(from: lane, through: undisturbed.points.count, by: 2) {
                        killedAt.insert(try await Self.killed(at: number, undisturbed.state))
                    }
                    return killedAt
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        // All but the points of a recovery, which the next test has.
        let expected = JournalPoint.allCases.filter { $0 != .recovered }
            .flatMap { ["\($0.rawValue) before", "\($0.rawValue) after"] }
        #expect(killedAt == Set(expected))
    }

    /// Kills a new board's first process at a journal point, restarts it, and says which point it was.
    private static func killed(at number: Int, _ state: String) async throws -> String {
        let board = Board()
        #expect(try await board.run(kill: number).wasKilled, "\(number)")
        let last = try #require(try board.log().last)
        let end = try await board.run()
        #expect(end.text == state, "killed at \(last), point \(number)")
        #expect(repeats(try board.log()) == [], "killed at \(last), point \(number)")
        return last[1] + " " + last[2]
    }

    @Test("killed again while it recovers, it still does")
    func everyPointOfRecovery() async throws {
        let undisturbed = try await Self.undisturbed()
        // After the begin of an attempt, after a delivery and after a verification: what a recovery has to do differs.
        var killedAt: Set<String> = []
        for name in ["begun", "delivered", "verified"] {
            let first = ["point", name, "after", "flaky"]
            let point = try #require(undisturbed.points.firstIndex(of: first))
            for second in 1...4 {
                let board = Board()
                #expect(try await board.run(kill: point + 1).wasKilled)
                if try await board.run(kill: second).wasKilled {
                    let last = try #require(try board.log().last)
                    killedAt.insert(last[1] + " " + last[2])
                }
                let end = try await board.run()
                #expect(end.text == undisturbed.state, "killed at \(first), then at point \(second)")
                #expect(Self.repeats(try board.log()) == [], "killed at \(first), then at point \(second)")
            }
        }
        #expect(killedAt.isSuperset(of: ["recovered before", "recovered after", "opened before", "opened after"]))
    }
}
