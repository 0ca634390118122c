import OrketCore
import OrketSandbox
import Synchronization

/// A driver that runs in a sandbox, and the channel to it.
final class DriverSession: Sendable {
    /// Longest time for a driver to start, milliseconds: an interpreter on a busy machine.
    private static let startMs: UInt64 = 30_000
    /// What a peer that is well takes at most to read a message.
    private static let sendMs: UInt64 = 10_000
    /// Deepest nesting of a message: the drivers send values of 40 levels, each of at most two.
    private static let deepest = 128

    /// What came instead of an answer.
    enum Failure: Error, Sendable {
        case timedOut
        /// The driver is gone; its run tells why.
        case ended
        /// It sent what no driver of ours sends.
        case malformed(String)
    }

    private let channel: ResultChannel
    private let task: Task<RunResult, Never>
    private let control: ControlBox
    private let ready: ReadyBox

    /// Filled by the supervisor once the program was told to start.
    private final class ControlBox: Sendable {
        let value = Mutex<RunControl?>(nil)
    }

    /// Filled by the supervisor once the sandbox stands.
    private final class ReadyBox: Sendable {
        let value = Mutex<(plan: String, isolation: Isolation)?>(nil)
    }

    /// Starts `argv` under `policy` with `files` in its workspace.
    init(
        _ sandbox: any SandboxRunner, argv: [String], policy: Policy, files: [InputFile]
    ) throws(SandboxError) {
        let channel = try sandbox.openChannel()
        let (control, box) = (ControlBox(), ReadyBox())
        var request = RunRequest(argv: argv)
        request.inputs = files
        request.channel = channel.remoteDescriptor
        request.keepHeadBytes = 4_096
        request.keepTailBytes = 4_096
        request.onReady = { isolation, plan in box.value.withLock { $0 = (plan, isolation) } }
        request.onStart = { handle in
            control.value.withLock { $0 = handle }
            channel.closeRemote()
        }
        self.channel = channel
        self.control = control
        ready = box
        let prepared = request
        task = Task {
            // A sandbox that never came to be holds no end of the channel.
            defer { channel.closeRemote() }
            return await sandbox.perform(prepared, policy)
        }
    }

    /// Sends the setup and waits until the driver says that it is ready.
    func begin(_ setup: JSONValue) async -> Result<JSONValue, Failure> { await ask(setup, within: Self.startMs) }

    /// One message out, one in.
    func ask(_ message: JSONValue, within milliseconds: UInt64) async -> Result<JSONValue, Failure> {
        guard await send(message) else { return .failure(.ended) }
        return await receive(within: milliseconds)
    }

    /// False when the other side does not take it.
    func send(_ message: JSONValue) async -> Bool {
        await channel.send(Array(message.text.utf8), within: Self.sendMs)
    }

    /// The next message.
    func receive(within milliseconds: UInt64) async -> Result<JSONValue, Failure> {
        switch await channel.receive(within: milliseconds) {
        case .message(let bytes):
            do throws(StrictJSON.Problem) {
                return .success(try StrictJSON.parse(bytes, deepest: Self.deepest))
            } catch {
                return .failure(.malformed("bad JSON at byte \(error.offset): \(error.message)"))
            }
        case .closed: return .failure(.ended)
        case .oversized: return .failure(.malformed("a message of more than \(ResultChannel.maximumMessage) bytes"))
        case .timedOut: return .failure(.timedOut)
        }
    }

    /// All that the program writes to the channel until it holds no end of it any more, as plain bytes.
    func receiveText(within milliseconds: UInt64) async -> Result<[UInt8], Failure> {
        switch await channel.receiveAll(within: milliseconds) {
        case .message(let bytes): .success(bytes)
        case .closed: .success([])
        case .oversized: .failure(.malformed("more than \(ResultChannel.maximumMessage) bytes"))
        case .timedOut: .failure(.timedOut)
        }
    }

    /// Plan and isolation of the sandbox, as it was read back; nil before it stands.
    var sandbox: (plan: String, isolation: Isolation)? { ready.value.withLock { $0 } }

    /// Processes that the out-of-memory killer took so far; 0 where nothing counts them.
    var oomKills: UInt64 { control.value.withLock { $0 }?.oomKills() ?? 0 }

    /// Ends the driver: by the end of its channel, or at once with `cancelling`. What its run was, when it is over.
    func end(cancelling: Bool = false) async -> RunResult {
        channel.close()
        if cancelling { task.cancel() }
        return await task.value
    }
}
