import Glibc
import OrketSystem
import Testing

/// The real `orket`, run as a user would: a process with pipes.
final class OrketProgram: Sendable {
    /// What was seen of it once it ended.
    struct Ended: Sendable {
        /// nil when a signal ended it.
        var exitCode: Int32?
        var stdout: [UInt8]
        var stderr: [UInt8]

        var output: String { String(decoding: stdout, as: UTF8.self) }
        var talk: String { String(decoding: stderr, as: UTF8.self) }
    }

    /// It lies beside the test bundle.
    static let path = (HostPrograms.ownDirectory() ?? "") + "/orket"

    /// Keys and evidence of programs that say nothing else: not those of whoever runs the tests.
    private static let stateHome = packageRoot + "/.build/test-state"

    let pid: Int32
    private let input: Descriptor?
    let output: Descriptor
    let talk: Descriptor

    /// Starts it. `launcher` is a program that executes the rest of its arguments; `input` nil leaves stdin at /dev/null.
    init(
        _ arguments: [String], input: [UInt8]? = [], environment: [String] = ["PATH=/usr/bin:/bin"],
        launcher: [String] = []
    ) throws {
        let stdin = try Pipe(nonblocking: .none)
        let stdout = try Pipe(nonblocking: .none)
        let stderr = try Pipe(nonblocking: .none)
        let words = launcher + [Self.path] + arguments
        let isSaid = environment.contains { $0.hasPrefix("XDG_STATE_HOME=") }
        let state = isSaid ? [] : ["XDG_STATE_HOME=\(Self.stateHome)"]
        pid = try Process.spawn(
            words[0], arguments: Array(words.dropFirst()),
            environment: environment + ["SWIFT_BACKTRACE=enable=no"] + state,
            stdin: stdin.reading.raw, stdout: stdout.writing.raw, stderr: stderr.writing.raw)
        stdin.reading.close()
        stdout.writing.close()
        stderr.writing.close()
        (output, talk) = (stdout.reading, stderr.reading)
        if let input {
            // Small enough for the pipe, so this does not wait.
            try stdin.writing.writeAll(input)
            stdin.writing.close()
            self.input = nil
        } else {
            self.input = stdin.writing
        }
    }

    /// To the program's stdin, where it was kept open.
    func write(_ text: String) throws { try input?.writeAll(Array(text.utf8)) }

    /// Ends it.
    func closeInput() { input?.close() }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// Reads stdout until `text` has come; false when it ends before.
    func waits(for text: String) async -> Bool {
        let output = output
        return await killedWhenCancelled {
            var seen = ""
            while !seen.contains(text) {
                guard let more = try? output.read(atMost: 4_096), !more.isEmpty else { return false }
                seen += String(decoding: more, as: UTF8.self)
            }
            return true
        }
    }

    /// Reads both streams to their ends and reaps the process. `talkAfter` leaves stdout unread until stderr has come so
    /// far.
    func ended() async -> Ended {
        async let stdout = rest(of: output)
        async let stderr = rest(of: talk)
        let (out, err) = await (stdout, stderr)
        return Ended(exitCode: await status(), stdout: out, stderr: err)
    }

    /// Reaps the process without reading; its exit code, nil when a signal ended it.
    func status() async -> Int32? {
        let pid = pid
        let status = await killedWhenCancelled { Process.reap(pid, wait: true) ?? 0 }
        return status & 0x7f == 0 ? status >> 8 & 0xff : nil
    }

    /// A test that is out of time is cancelled; what it waits for then ends as well.
    private func killedWhenCancelled<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withTaskCancellationHandler {
            await Blocking.run(work)
        } onCancel: {
            send(SIGKILL)
        }
    }

    static func run(
        _ arguments: [String], input: [UInt8]? = [], environment: [String] = ["PATH=/usr/bin:/bin"],
        launcher: [String] = []
    ) async throws -> Ended {
        try await OrketProgram(arguments, input: input, environment: environment, launcher: launcher).ended()
    }

    private func rest(of pipe: Descriptor) async -> [UInt8] {
        await killedWhenCancelled {
            var all: [UInt8] = []
            while let more = try? pipe.read(atMost: 64 << 10), !more.isEmpty { all += more }
            return all
        }
    }
}

/// The root of the checkout that this test was built from.
let packageRoot = String(#filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/" + $1 })
