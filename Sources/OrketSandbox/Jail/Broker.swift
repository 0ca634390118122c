internal import OrketCore
internal import OrketSystem
internal import Synchronization

/// The jail process of this supervisor: started once, asked for a warden per plan, started again when it died.
final class Broker: EventHandler {
    let socket: RecordSocket
    let pid: Int32
    private let loop: EventLoop
    private let state = Mutex(State())

    struct Hello: Sendable {
        var stepCount: UInt32
        var isRootless: Bool
    }

    private struct State {
        var token: EventLoop.Token = 0
        var hello: Result<Hello, SandboxError>?
        var waiter: CheckedContinuation<Result<Hello, SandboxError>, Never>?
        var isDead = false
    }

    /// A single-threaded program has no use for restartable sequences, and would pay for them at every switch.
    private static let environment = ["GLIBC_TUNABLES=glibc.pthread.rseq=0"]

    /// Spawns `orket-jail`; it shares this process's standard error.
    init(path: String, loop: EventLoop) throws(SandboxError) {
        self.loop = loop
        do {
            let (ours, theirs) = try RecordSocket.pair()
            socket = ours
            pid = try Process.spawn(
                path, arguments: [], environment: Self.environment, stdout: 2, stderr: 2, socket: theirs.descriptor.raw)
            let token = try loop.add(ours.descriptor.raw, handler: self)
            state.withLock { $0.token = token }
        } catch {
            throw SandboxError(.jail, "cannot start \(path): \(error)", hint: "orket-jail is installed beside orket")
        }
    }

    /// What the jail says of itself, once; an error when it died instead.
    func hello() async throws(SandboxError) -> Hello {
        let result = await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Result<Hello, SandboxError>? in
                if state.hello == nil { state.waiter = continuation }
                return state.hello
            }
            if let known { continuation.resume(returning: known) }
        }
        return try result.get()
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    func descriptorReady(_ token: EventLoop.Token) {
        while true {
            switch try? socket.receive() {
            case .record(let record):
                switch Wire.decode(record.bytes, descriptorCount: record.descriptors.count)?.message {
                case .hello(let steps, let rootless, let protections):
                    settle(
                        protections == UInt32(Protection.allCases.count)
                            ? .success(Hello(stepCount: steps, isRootless: rootless))
                            : .failure(
                                SandboxError(.jail, "orket-jail knows \(protections) protections: another version")))
                case .failed(let failure):
                    let text = "the jail cannot start: \(failure.name): \(SystemError.text(failure.errno))"
                    settle(.failure(SandboxError(.unsupportedHost, text, hint: "run `orket doctor` for the repair")))
                default: settle(.failure(SandboxError(.jail, "orket-jail speaks another protocol")))
                }
            case .nothingYet: return
            case .endOfFile, nil:
                loop.remove(token, descriptor: socket.descriptor.raw)
                state.withLock { $0.isDead = true }
                settle(.failure(SandboxError(.jail, "orket-jail ended")))
                return
            }
        }
    }

    private func settle(_ result: Result<Hello, SandboxError>) {
        let waiter = state.withLock { state -> CheckedContinuation<Result<Hello, SandboxError>, Never>? in
            if state.hello == nil || state.isDead { state.hello = result }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: result)
    }

    /// Ends the jail and with it every sandbox; reaps it.
    func shutdown() {
        let token = state.withLock { state in
            defer { state.isDead = true }
            return state.isDead ? nil : state.token
        }
        if let token { loop.remove(token, descriptor: socket.descriptor.raw) }
        socket.hangUp()
        _ = Process.reap(pid, wait: true)
    }
}
