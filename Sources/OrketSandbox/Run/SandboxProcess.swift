internal import OrketCore
internal import OrketSystem
internal import Synchronization

/// One sandbox from PREPARE to its verified end. Single-use: what ran in it never shares it with anything else.
///
/// Messages arrive on the event loop's thread. The life is preparing -> ready -> (running) -> over; a pooled sandbox waits
/// in `ready`, its payload blocked before exec, everything enforced.
final class SandboxProcess: EventHandler {
    let loop: EventLoop
    let leaf: CgroupLeaf?
    let uidSlot: Int?
    let control: RecordSocket
    let start: RecordSocket
    private let landlockABI: Int32
    private let state = Mutex(State())

    private struct State {
        var controlToken: EventLoop.Token = 0
        var startToken: EventLoop.Token = 0
        var pidfd: Descriptor?
        var scratch: Descriptor?
        var payloadPID: Int32 = 0
        var failure: Wire.Failure?
        var isReady = false
        var isOver = false
        var waiter: CheckedContinuation<Wire.Failure?, Never>?
        var run: Run?
        var enforcement: Enforcement?

        /// READY may arrive before SPAWNED and SCRATCH, which use other sockets.
        var isWhole: Bool { isReady && pidfd != nil && scratch != nil }
    }

    /// Opens the sockets and asks the warden; `prepared()` tells how it went.
    init(
        warden: Warden, leaf: CgroupLeaf?, uidSlot: Int?, uid: UInt32, loop: EventLoop, faultStep: UInt32
    ) throws(SystemError) {
        self.loop = loop
        self.leaf = leaf
        self.uidSlot = uidSlot
        landlockABI = warden.plan.landlock?.abi ?? 0
        let (control, theirControl) = try RecordSocket.pair()
        let (start, theirStart) = try RecordSocket.pair()
        self.control = control
        self.start = start
        // Before the other end exists elsewhere: READY then carries the sender's pid, vouched for by the kernel.
        try start.receiveCredentials()
        let controlToken = try loop.add(control.descriptor.raw, handler: self)
        let startToken = try loop.add(start.descriptor.raw, handler: self)
        state.withLock {
            $0.controlToken = controlToken
            $0.startToken = startToken
        }
        warden.prepare(
            self, control: theirControl.descriptor, start: theirStart.descriptor, uid: uid, faultStep: faultStep)
    }

    /// nil when the payload stands ready; else why not.
    func prepared() async -> Wire.Failure? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Wire.Failure?? in
                if state.failure != nil || state.isWhole { return .some(state.failure) }
                state.waiter = continuation
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    var isUsable: Bool { state.withLock { $0.isWhole && !$0.isOver && $0.failure == nil } }
    var scratch: Descriptor? { state.withLock { $0.scratch } }
    var pidfd: Descriptor? { state.withLock { $0.pidfd } }
    var payloadPID: Int32 { state.withLock { $0.payloadPID } }
    var enforcement: Enforcement? { state.withLock { $0.enforcement } }

    /// Messages of pid 1 go to the run from here on.
    func attach(_ run: Run) { state.withLock { $0.run = run } }

    func spawned(_ pidfd: Descriptor) { advance { $0.pidfd = pidfd } }

    func setupFailed(_ failure: Wire.Failure) {
        advance { if $0.failure == nil { $0.failure = failure } }
    }

    func descriptorReady(_ token: EventLoop.Token) {
        let isStart = state.withLock { $0.startToken == token }
        drain(isStart ? start : control, isStart: isStart)
    }

    /// Takes every message that has arrived; called once more when the tree is dead, so that none is missed.
    func drainControl() { drain(control, isStart: false) }

    private func drain(_ socket: RecordSocket, isStart: Bool) {
        while true {
            switch try? socket.receive() {
            case .record(let record):
                guard let (_, message) = Wire.decode(record.bytes, descriptorCount: record.descriptors.count) else {
                    continue
                }
                handle(message, record)
            case .nothingYet: return
            case .endOfFile, nil: return ended(isStart: isStart)
            }
        }
    }

    private func handle(_ message: Wire.Message, _ record: RecordSocket.Record) {
        switch message {
        case .scratch: advance { $0.scratch = record.descriptors[0] }
        case .ready:
            let enforcement = Enforcement(pid: record.senderPID, leaf: leaf, landlockABI: landlockABI)
            stopWatchingStart()
            advance {
                $0.payloadPID = record.senderPID
                $0.enforcement = enforcement
                $0.isReady = true
            }
        case .failed(let failure):
            if let run = state.withLock({ $0.run }) { run.execFailed(failure) } else { setupFailed(failure) }
        case .exited, .counted:
            if let run = state.withLock({ $0.run }) { run.received(message) } else { setupFailed(Self.died) }
        default: break
        }
    }

    private static let died = Wire.Failure(
        step: 0, errno: 3, index: 0, name: "setup", subject: "a process of the sandbox died before READY")

    /// Changes the state and resumes the waiter when that settles the preparation.
    private func advance(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state -> (CheckedContinuation<Wire.Failure?, Never>, Wire.Failure?)? in
            change(&state)
            guard state.failure != nil || state.isWhole, let waiter = state.waiter else { return nil }
            state.waiter = nil
            return (waiter, state.failure)
        }
        waiter?.0.resume(returning: waiter?.1)
    }

    private func stopWatchingStart() {
        let token = state.withLock { state in
            defer { state.startToken = 0 }
            return state.startToken
        }
        if token != 0 { loop.remove(token, descriptor: start.descriptor.raw) }
    }

    private func ended(isStart: Bool) {
        if isStart {
            stopWatchingStart()
            if !state.withLock({ $0.isReady }) { setupFailed(Self.died) }
            return
        }
        let token = state.withLock { state in
            defer { state.controlToken = 0 }
            state.isOver = true
            return state.controlToken
        }
        if token != 0 { loop.remove(token, descriptor: control.descriptor.raw) }
        if !state.withLock({ $0.isReady }) { setupFailed(Self.died) }
    }

    /// Closes everything; pid 1 ends at the end of file, if it has not already.
    func close() {
        stopWatchingStart()
        ended(isStart: false)
        control.descriptor.close()
        start.descriptor.close()
        let (pidfd, scratch) = state.withLock { ($0.pidfd, $0.scratch) }
        if let pidfd { Process.signal(pidfd, Process.sigkill) }
        pidfd?.close()
        scratch?.close()
        state.withLock { $0.run = nil }
    }
}
