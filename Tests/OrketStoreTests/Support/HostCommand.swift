import Glibc
import OrketSystem
import Testing

/// A program on the host: the driver of this room, or one that looks at a store without any code of ours.
struct HostCommand: Sendable {
    struct End: Sendable {
        /// As wait(2) gives it; 0 is success.
        var status: Int32
        var text: String

        var lines: [Substring] { text.split(separator: "\n") }
    }

    let pid: Int32
    private let output: MemoryFile

    static let driver = (HostPrograms.ownDirectory() ?? "") + "/orket-store-driver"

    /// Starts it; `argv[0]` is an absolute path.
    init(_ argv: [String]) throws {
        output = try MemoryFile(name: "output")
        // A memory file has no lock on its position: of two writes at once, one would cover the other.
        _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
        pid = try Process.spawn(
            argv[0], arguments: Array(argv.dropFirst()),
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE=enable=no"],
            stdout: output.descriptor.raw, stderr: output.descriptor.raw)
    }

    /// What it has written so far.
    var written: String { Files.reread(output.descriptor, capacity: 16 << 20) }

    func finished() async -> End {
        let pid = pid
        let status = await Blocking.run { Process.reap(pid, wait: true) ?? -1 }
        return End(status: status, text: written)
    }

    func kill() { _ = Glibc.kill(pid, SIGKILL) }

    static func run(_ argv: [String]) async throws -> End { try await HostCommand(argv).finished() }

    /// Python with a connection `c` to the database, as anybody's program may open it. What it prints is returned.
    @discardableResult
    static func python(_ path: String, _ script: String) async throws -> String {
        let end = try await start(python: path, script).finished()
        #expect(end.status == 0, "\(end.text)")
        return end.text
    }

    /// The same, still running.
    static func start(python path: String, _ script: String) throws -> HostCommand {
        let head = "import sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)\n"
        return try HostCommand(["/usr/bin/python3", "-c", head + script, path])
    }
}

/// Waits until a condition holds; false when it never does.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<12_000 {
        if condition() { return true }
        try? await Task.sleep(nanoseconds: 5_000_000)
    }
    return false
}
