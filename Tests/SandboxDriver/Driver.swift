internal import Glibc
import OrketCore
import OrketSandbox
import OrketSystem

/// A process of its own that runs sandboxes, for tests that kill the supervisor, starve it, or change what its host is.
///
///     orket-sandbox-driver [--runs N] [--parallel N] [--pool N] [--gate] [--reap] -- ARGV...
///
/// `--runs 0` goes on for ever; `--gate` waits for a line on stdin before each run; `--reap` only removes what dead
/// supervisors left. Speaks in lines: `ready PID` (of the jail), `run OUTCOME CODES LEVEL SECCOMP DETAIL`, `descriptors N`
/// (open after the last run), `error TEXT`.
@main
struct Driver {
    private var runs = 1
    private var parallel = 1
    private var pool = 0
    private var isGated = false
    private var onlyReaps = false
    private var argv: [String] = []

    static func main() async {
        var arguments = CommandLine.arguments.dropFirst()
        // Where there is no /proc the runtime does not know its arguments.
        if arguments.isEmpty, let given = Process.environment("ORKET_DRIVER") {
            arguments = given.split(separator: " ").map(String.init)[...]
        }
        do { try await Driver(arguments).work() } catch {
            say("error \(oneLine("\(error)"))")
            exit(3)
        }
    }

    private init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let word = rest.popFirst() {
            switch word {
            case "--runs": runs = Int(rest.removeFirst())!
            case "--parallel": parallel = Int(rest.removeFirst())!
            case "--pool": pool = Int(rest.removeFirst())!
            case "--gate": isGated = true
            case "--reap": onlyReaps = true
            case "--":
                argv = Array(rest)
                rest = []
            default: fatalError("unknown option \(word)")
            }
        }
    }

    private func work() async throws {
        if onlyReaps { return Self.say("reaped \(try Supervisor.reap())") }
        var configuration = SupervisorConfiguration()
        configuration.poolSize = pool
        let supervisor = try await Supervisor(configuration: configuration)
        let policy = try PolicyStore.locate().load("default")
        Self.say("ready \(supervisor.jailPID)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            var started = 0
            while runs == 0 || started < runs {
                if isGated, await !Self.gateOpens() { break }
                if started >= parallel { try await group.next() }
                started += 1
                let request = RunRequest(argv: argv)
                group.addTask { Self.tell(try await supervisor.run(request, policy: policy)) }
                if isGated { try await group.next() }
            }
            try await group.waitForAll()
        }
        Self.say("descriptors \(try Files.names(in: "/proc/self/fd").count)")
        await supervisor.shutdown()
    }

    private static func gateOpens() async -> Bool { await Blocking.run { readLine() != nil } }

    private static func tell(_ result: RunResult) {
        let codes = result.reasons.map(\.code.rawValue).joined(separator: ",")
        let level = result.isolation.level.rawValue
        let seccomp = result.isolation.mechanisms["seccompMode"] ?? "-"
        let detail = oneLine(result.reasons.first?.detail ?? "")
        say("run \(result.outcome.rawValue) \(codes.isEmpty ? "-" : codes) \(level) \(seccomp) \(detail)")
    }

    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: " ") }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(1, bytes, bytes.count)
    }
}
