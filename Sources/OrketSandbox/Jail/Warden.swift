internal import OrketCore
internal import OrketSystem
internal import Synchronization

/// The jail's process for one plan: forks its sandboxes. Everything here is safe from every thread.
final class Warden: EventHandler {
    let plan: Plan
    private let loop: EventLoop
    private let socket: RecordSocket
    private let state = Mutex(State())

    private struct State {
        var token: EventLoop.Token = 0
        var isReady = false
        var failure: Wire.Failure?
        var waiters: [CheckedContinuation<Wire.Failure?, Never>] = []
        var pending: [UInt32: SandboxProcess] = [:]
        var lastID: UInt32 = 0
    }

    /// Asks the broker to fork a warden for `plan` with this compiled filter.
    init(plan: Plan, filter: [UInt8], broker: Broker, loop: EventLoop, faultStep: UInt32) throws(SandboxError) {
        self.plan = plan
        self.loop = loop
        do {
            let shape = try MemoryFile(sealed: plan.shapeBytes(filter: filter), name: "shape")
            let (ours, theirs) = try RecordSocket.pair()
            socket = ours
            try broker.socket.send(
                Wire.encode(.shape, id: faultStep), descriptors: [shape.descriptor.raw, theirs.descriptor.raw])
            let token = try loop.add(ours.descriptor.raw, handler: self)
            state.withLock { $0.token = token }
        } catch {
            throw SandboxError(.jail, "cannot set up the plan \(plan.policy): \(error)")
        }
    }

    /// True once the warden is gone: the plan needs a new one.
    var isDead: Bool { state.withLock { $0.failure != nil } }

    /// nil when the root file system stands; else the step that failed.
    func ready() async -> Wire.Failure? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Wire.Failure?? in
                if state.isReady || state.failure != nil { return .some(state.failure) }
                state.waiters.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// True when a sandbox can be asked for at once.
    var isReady: Bool { state.withLock { $0.isReady && $0.failure == nil } }

    /// Sends PREPARE for a sandbox whose own ends are open, and returns its number; the sandbox hears of the rest by
    /// itself. nil when the warden is gone, which the sandbox is told.
    func prepare(
        _ sandbox: SandboxProcess, control: Descriptor, start: Descriptor, uid: UInt32, faultStep: UInt32
    ) -> UInt32? {
        let id = state.withLock { state -> UInt32? in
            if state.failure != nil { return nil }
            state.lastID &+= 1
            state.pending[state.lastID] = sandbox
            return state.lastID
        }
        guard let id else {
            sandbox.setupFailed(Self.gone)
            return nil
        }
        let leaves = sandbox.leaf?.entrances.map(\.raw) ?? []
        var body = ByteWriter()
        body.u32(uid)
        body.u32(uid)
        body.u32(UInt32(leaves.count))
        body.u32(faultStep)
        do {
            try socket.send(
                Wire.encode(.prepare, id: id, body: body.bytes), descriptors: [control.raw, start.raw] + leaves)
        } catch {
            settled(id)
            sandbox.setupFailed(Wire.Failure(step: 0, errno: error.errno, index: 0, name: "prepare", subject: ""))
        }
        return id
    }

    /// The sandbox stands ready or has failed: the warden has nothing more to tell it.
    func settled(_ id: UInt32) { _ = state.withLock { $0.pending.removeValue(forKey: id) } }

    private static let gone = Wire.Failure(step: 0, errno: 104, index: 0, name: "warden", subject: "the jail died")

    func descriptorReady(_ token: EventLoop.Token) {
        while true {
            switch try? socket.receive() {
            case .record(let record):
                guard let (id, message) = Wire.decode(record.bytes, descriptorCount: record.descriptors.count) else {
                    return end(token)
                }
                handle(id, message)
            case .nothingYet: return
            case .endOfFile, nil: return end(token)
            }
        }
    }

    private func handle(_ id: UInt32, _ message: Wire.Message) {
        switch message {
        case .shaped: settle(nil)
        case .failed(let failure) where id == 0: settle(failure)
        case .failed(let failure): state.withLock { $0.pending.removeValue(forKey: id) }?.setupFailed(failure)
        default: break
        }
    }

    private func settle(_ failure: Wire.Failure?) {
        let waiters = state.withLock { state in
            state.isReady = failure == nil
            state.failure = failure
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: failure) }
    }

    private func end(_ token: EventLoop.Token) {
        loop.remove(token, descriptor: socket.descriptor.raw)
        let pending = state.withLock { state in
            defer { state.pending = [:] }
            return Array(state.pending.values)
        }
        if !isDead { settle(Self.gone) }
        for sandbox in pending { sandbox.setupFailed(Self.gone) }
    }

    /// End of file tells the warden to end, and with it what it forked.
    func shutdown() {
        loop.remove(state.withLock { $0.token }, descriptor: socket.descriptor.raw)
        socket.hangUp()
        settle(Self.gone)
    }
}
