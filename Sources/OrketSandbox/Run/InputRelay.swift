internal import OrketSystem
internal import Synchronization

/// Bytes on their way into the stdin of a program that runs, piece by piece, from whoever has them. Two programs that talk to
/// each other have two of these between them, and no pipe in common.
///
/// Giving never blocks: what the program does not read yet waits here, up to a bound. A program that closes its stdin early is
/// no error; what would have come is dropped.
package final class InputRelay: Sendable {
    /// Bytes that wait for one program.
    package static let maximumQueued = 64 << 20

    /// The program's end, for `StandardInput.pipe`.
    package var remoteDescriptor: Int32 { remote.raw }
    private let remote: Descriptor
    private let own: Descriptor
    private let loop: EventLoop
    private let state = Mutex(State())

    private struct State {
        var queue: [UInt8] = []
        /// Bytes at the start of the queue that are through.
        var taken = 0
        /// Only while something waits.
        var token: EventLoop.Token = 0
        var isFinished = false
        var isClosed = false

        var waiting: Int { queue.count - taken }
    }

    init(loop: EventLoop) throws(SystemError) {
        self.loop = loop
        let pipe = try Pipe(nonblocking: .writing)
        (own, remote) = (pipe.writing, pipe.reading)
    }

    /// Takes bytes; false when more would wait than may, and then none of them is taken.
    package func push(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            if state.isClosed || state.isFinished { return true }
            guard state.waiting + bytes.count <= Self.maximumQueued else { return false }
            state.queue += bytes
            drain(&state)
            return true
        }
    }

    /// The program meets the end of its stdin after what was given.
    package func finish() {
        state.withLock { state in
            state.isFinished = true
            drain(&state)
        }
    }

    /// Only the program holds its end from here on. To be called once it was told to start.
    package func closeRemote() { remote.close() }

    /// The run is over: what waits is dropped.
    package func close() {
        state.withLock { shut(&$0) }
        remote.close()
    }

    fileprivate func drain() { state.withLock { drain(&$0) } }

    private func drain(_ state: inout State) {
        if state.isClosed { return }
        while state.waiting > 0 {
            do throws(SystemError) {
                guard let count = try own.write(state.queue[state.taken...]) else { return wait(&state) }
                state.taken += count
            } catch {
                return shut(&state)
            }
        }
        state.queue.removeAll(keepingCapacity: true)
        state.taken = 0
        rest(&state)
        if state.isFinished { shut(&state) }
    }

    private func wait(_ state: inout State) {
        if state.taken > 1 << 20 {
            state.queue.removeFirst(state.taken)
            state.taken = 0
        }
        if state.token != 0 { return }
        guard let token = try? loop.add(own.raw, forWriting: true, handler: Watcher(relay: self)) else {
            return shut(&state)
        }
        state.token = token
    }

    private func rest(_ state: inout State) {
        if state.token != 0 { loop.remove(state.token, descriptor: own.raw) }
        state.token = 0
    }

    private func shut(_ state: inout State) {
        rest(&state)
        state.isClosed = true
        (state.queue, state.taken) = ([], 0)
        own.close()
    }
}

extension Supervisor {
    /// A relay for the stdin of one run. The caller closes it.
    package func openInput() throws(SandboxError) -> InputRelay {
        do { return try InputRelay(loop: loop) } catch {
            throw SandboxError(.system, "a pipe cannot be made: \(error)")
        }
    }
}

/// What the event loop calls.
private final class Watcher: EventHandler {
    private let relay: InputRelay

    init(relay: InputRelay) { self.relay = relay }

    func descriptorReady(_ token: EventLoop.Token) { relay.drain() }

    func timerFired(_ token: EventLoop.Token) {}
}
