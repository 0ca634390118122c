import OrketSystem
import OrketTestSupport
import Testing

/// A supervisor in a process of its own (Tests/SandboxDriver), with a jail and records that nobody shares.
struct DriverProcess: Sendable {
    struct Run: Equatable {
        var outcome: String
        var codes: [String]
        var level: Int
        var seccomp: String
        var detail: String
    }

    /// Jail, records and policies of the drivers of one test.
    struct Place: Sendable {
        let directory: TemporaryDirectory

        var jail: String { directory.path + "/orket-jail" }
        var state: String { directory.path + "/state" }
        var environment: [String: String] {
            ["ORKET_JAIL": jail, "ORKET_STATE_DIR": state, "ORKET_POLICIES": Checkout.root + "/policies"]
        }

        init() async throws {
            directory = TemporaryDirectory()
            // A path of its own tells its processes from those of all other supervisors.
            let copied = try await HostProgram.run(["/bin/cp", Checkout.jail, directory.path + "/orket-jail"])
            #expect(copied.status == 0, "\(copied.text)")
        }

        /// Pids of living processes of jails that were started from here.
        func jailProcesses() -> [Int32] {
            ProcessTree.all { Files.readLink("/proc/\($0)/exe")?.hasPrefix(jail) == true }
        }

        func reap() async throws -> HostProgram.End {
            try await HostProgram.run([Checkout.driver, "--reap"], environment: environment)
        }
    }

    let program: HostProgram
    private let gate: Descriptor

    /// `wrapper` is a command that ends in running its arguments, such as `sh -c 'mount ...; exec "$@"' --`.
    init(_ place: Place, _ arguments: [String], wrapper: [String] = [], command: [String]) throws {
        let pipe = try Pipe(nonblocking: .none)
        gate = pipe.writing
        program = try HostProgram(
            wrapper + [Checkout.driver] + arguments + ["--"] + command, environment: place.environment,
            stdin: pipe.reading.raw)
        pipe.reading.close()
    }

    var runs: [Run] {
        program.written.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
            guard words.count == 6, words[0] == "run" else { return nil }
            return Run(
                outcome: words[1], codes: words[2] == "-" ? [] : words[2].split(separator: ",").map(String.init),
                level: Int(words[3]) ?? -1, seccomp: words[4], detail: words[5])
        }
    }

    /// One more run, with `--gate`.
    func next() async throws -> Run {
        let before = runs.count
        try gate.writeAll([UInt8(ascii: "\n")])
        #expect(await eventually { runs.count > before || !ProcessTree.isAlive(program.pid) }, "\(program.written)")
        return try #require(runs.last)
    }

    /// Lets it end by itself.
    func finish() async -> HostProgram.End {
        gate.close()
        return await program.finished()
    }
}
