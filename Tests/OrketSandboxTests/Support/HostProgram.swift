import Glibc
import OrketSystem

/// A program on the host, outside every sandbox.
struct HostProgram: Sendable {
    struct End: Sendable {
        /// As wait(2) gives it; 0 is success.
        var status: Int32
        var text: String

        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    let pid: Int32
    private let output: MemoryFile

    /// Starts it with nothing of this process's environment but PATH and what is given. `argv[0]` is an absolute path.
    init(_ argv: [String], environment: [String: String] = [:], stdin: Int32 = -1) throws {
        output = try MemoryFile(name: "output")
        // A memory file has no lock on its position: of two writes at once, one would cover the other.
        _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
        var all = ["PATH": Process.environment("PATH") ?? "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        all.merge(environment) { _, new in new }
        pid = try Process.spawn(
            argv[0], arguments: Array(argv.dropFirst()), environment: all.map { "\($0)=\($1)" }, stdin: stdin,
            stdout: output.descriptor.raw, stderr: output.descriptor.raw)
    }

    /// What it wrote so far to stdout and stderr.
    var written: String { Files.reread(output.descriptor, capacity: 4 << 20) }

    func finished() async -> End {
        let status = await Blocking.run { Process.reap(pid, wait: true) ?? -1 }
        return End(status: status, text: written)
    }

    func kill() { if let pidfd = try? Process.openPIDFD(pid) { Process.signal(pidfd, Process.sigkill) } }

    static func run(_ argv: [String], environment: [String: String] = [:]) async throws -> End {
        try await HostProgram(argv, environment: environment).finished()
    }
}

/// Waits until a condition holds, for what the kernel does in its own time; false when it never does.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<1_000 {
        if try await condition() { return true }
        try? await Task.sleep(nanoseconds: 10_000_000)
    }
    return false
}
