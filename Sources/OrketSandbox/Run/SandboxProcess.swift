internal import OrketCore
internal import OrketSystem
internal import Synchronization

/// One sandbox from PREPARE to its verified end. Single-use: what ran in it never shares it with anything else.
///
/// The life is preparing -> ready -> (running) -> over; a pooled sandbox waits in `ready`, its payload blocked before exec,
/// everything enforced. Only while READY is awaited does the event loop watch the sandbox at all.
final class SandboxProcess: EventHandler {
    /// Called once, when the payload stands ready or it is certain that it never will: nil, or the step that failed.
    typealias Completion = @Sendable (SandboxProcess, Wire.Failure?) -> Void

    let loop: EventLoop
    let leaf: CgroupLeaf?
    let uidSlot: Int?
    let control: RecordSocket
    let start: RecordSocket
    private let warden: Warden
    private let state: Mutex<State>

    private struct State {
        var id: UInt32 = 0
        var startToken: EventLoop.Token = 0
        var completion: Completion?
        var ready: Ready?
        var isClosed = false
        var run: Run?
    }

    /// What READY brought and what was read at that moment.
    struct Ready: Sendable {
        var payloadPID: Int32
        /// Directory of the workspace.
        var scratch: Descriptor
        /// Of the sandbox's pid 1.
        var pidfd: Descriptor
        var enforcement: Enforcement
    }

    /// Opens the sockets and asks the warden. Throws when nothing was asked; `completion` is then not called.
    init(
        warden: Warden, leaf: CgroupLeaf?, uidSlot: Int?, uid: UInt32, loop: EventLoop, faultStep: UInt32,
        completion: @escaping Completion
    ) throws(SystemError) {
        self.loop = loop
        self.leaf = leaf
        self.uidSlot = uidSlot
        self.warden = warden
        let (control, theirControl) = try RecordSocket.pair()
        let (start, theirStart) = try RecordSocket.pair()
        self.control = control
        self.start = start
        // Before the other end exists elsewhere: READY then carries the sender's pid, vouched for by the kernel.
        try start.receiveCredentials()
        state = Mutex(State(completion: completion))
        // Under the lock: an event that fires at once must find its token.
        try state.withLock { state throws(SystemError) in
            state.startToken = try loop.add(start.descriptor.raw, handler: self)
        }
        let id = warden.prepare(
            self, control: theirControl.descriptor, start: theirStart.descriptor, uid: uid, faultStep: faultStep)
        let isSettled = state.withLock { state in
            state.id = id ?? 0
            return state.completion == nil
        }
        // READY was quicker than this thread: the number was not known yet when it was taken.
        if isSettled, let id { warden.settled(id) }
    }

    var ready: Ready? { state.withLock { $0.ready } }

    /// False once pid 1 has ended, for whatever reason: such a sandbox can run nothing any more.
    var isUsable: Bool { ready.map { !Process.hasEnded($0.pidfd) } ?? false }

    /// Messages of pid 1 go to the run from here on.
    func attach(_ run: Run) { state.withLock { $0.run = run } }

    func setupFailed(_ failure: Wire.Failure) { settle(failure) }

    func descriptorReady(_ token: EventLoop.Token) {
        // One record and no more: whoever hears of it may close the socket.
        switch try? start.receive() {
        case .record(let record): takeReady(record)
        case .nothingYet: break
        case .endOfFile, nil:
            // The payload's end is closed in every process of the sandbox; the reason, if one was told, is in here.
            drainControl()
            settle(Self.died)
        }
    }

    private func takeReady(_ record: RecordSocket.Record) {
        // Pid 1 sent the handles before it forked the payload that says READY, so they wait in the other socket.
        guard let (_, message) = Wire.decode(record.bytes, descriptorCount: record.descriptors.count),
            message == .ready, record.senderPID > 0,
            case .record(let second)? = try? control.receive(),
            Wire.decode(second.bytes, descriptorCount: second.descriptors.count)?.message == .handles
        else { return settle(Self.died) }
        let ready = Ready(
            payloadPID: record.senderPID, scratch: second.descriptors[0], pidfd: second.descriptors[1],
            enforcement: Enforcement(pid: record.senderPID, leaf: leaf, landlockABI: warden.plan.landlock?.abi ?? 0))
        state.withLock { $0.ready = ready }
        settle(nil)
    }

    private static let died = Wire.Failure(
        step: 0, errno: 3, index: 0, name: "setup", subject: "a process of the sandbox died before READY")

    private func settle(_ failure: Wire.Failure?) {
        let (token, completion, id) = state.withLock { state in
            defer {
                state.startToken = 0
                state.completion = nil
            }
            return (state.startToken, state.completion, state.id)
        }
        if token != 0 { loop.remove(token, descriptor: start.descriptor.raw) }
        guard let completion else { return }
        warden.settled(id)
        completion(self, failure)
    }

    /// Takes every message of pid 1 that has arrived; true at the end of the file.
    @discardableResult
    func drainControl() -> Bool {
        // All are read before one is handled: whoever hears of it may close the socket.
        var messages: [Wire.Message] = []
        defer { for message in messages { handle(message) } }
        while true {
            switch try? control.receive() {
            case .record(let record):
                if let (_, message) = Wire.decode(record.bytes, descriptorCount: record.descriptors.count) {
                    messages.append(message)
                }
            case .nothingYet: return false
            case .endOfFile, nil: return true
            }
        }
    }

    private func handle(_ message: Wire.Message) {
        let run = state.withLock { $0.run }
        switch message {
        case .failed(let failure): if let run { run.failed(failure) } else { settle(failure) }
        case .exited, .counted: if let run { run.received(message) } else { settle(Self.died) }
        default: break
        }
    }

    /// Closes everything; pid 1 is killed, if it has not ended already.
    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        settle(Self.died)
        control.descriptor.close()
        start.descriptor.close()
        guard let ready else { return }
        Process.signal(ready.pidfd, Process.sigkill)
        ready.pidfd.close()
        ready.scratch.close()
        state.withLock { $0.run = nil }
    }
}
