internal import OrketSystem
internal import Synchronization

/// The supervisor's end of a result channel: messages over a stream socket, each behind its length in four bytes,
/// little-endian. The program holds the other end as descriptor 3.
///
/// What arrives is hostile: a message is bounded, and nothing is read that nobody waits for, so a flood fills the socket
/// and no memory of ours. One task at a time may wait.
package final class ResultChannel: Sendable {
    /// Bytes of the largest message in either direction.
    package static let maximumMessage = 8 << 20

    /// How waiting for a message ended.
    package enum Received: Sendable {
        case message([UInt8])
        /// The other end is gone, perhaps in the middle of a message.
        case closed
        /// A message is announced that is larger than the bound.
        case oversized
        case timedOut
    }

    /// The program's end, for `RunRequest.channel`.
    package var remoteDescriptor: Int32 { remote.raw }
    private let remote: Descriptor
    private let own: Descriptor
    private let loop: EventLoop
    private let state = Mutex(State())

    private struct State {
        var buffer: [UInt8] = []
        /// Only while somebody waits: a hang-up would be told again and again.
        var token: EventLoop.Token = 0
        var waiter: CheckedContinuation<Received, Never>?
        var isClosed = false
        /// The program writes text, not frames.
        var isPlain = false
    }

    init(loop: EventLoop) throws(SystemError) {
        self.loop = loop
        (own, remote) = try StreamSocket.pair()
    }

    /// Sends one message; false when the other end is gone or takes nothing for `milliseconds`.
    package func send(_ message: [UInt8], within milliseconds: UInt64) async -> Bool {
        guard message.count <= Self.maximumMessage else { return false }
        var rest = (withUnsafeBytes(of: UInt32(message.count).littleEndian) { Array($0) } + message)[...]
        let deadline = BootClock.now + milliseconds * 1_000_000
        while !rest.isEmpty {
            guard let taken = StreamSocket.send(rest, to: own) else {
                // Full, or gone: a thread of its own waits for room.
                let (raw, now) = (own.raw, BootClock.now)
                let left = deadline > now ? (deadline - now) / 1_000_000 : 0
                guard left > 0, await Blocking.run({ StreamSocket.waitForRoom(raw, milliseconds: left) }) else {
                    return false
                }
                continue
            }
            rest = rest.dropFirst(taken)
        }
        return true
    }

    /// The next message, or why none comes.
    package func receive(within milliseconds: UInt64) async -> Received {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Received? in
                    if let known = read(&state) { return known }
                    // Under the lock: an event or a cancellation that comes at once must find who waits.
                    if Task.isCancelled { return .timedOut }
                    guard let token = try? loop.add(own.raw, handler: Watcher(channel: self)) else { return .closed }
                    (state.waiter, state.token) = (continuation, token)
                    loop.setTimer(token, at: BootClock.now + milliseconds * 1_000_000)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            wake(.timedOut)
        }
    }

    /// A whole message when one is there.
    private func read(_ state: inout State) -> Received? {
        while true {
            if let message = state.isPlain ? Self.takePlain(&state) : Self.take(&state.buffer) { return message }
            if state.isClosed { return .closed }
            do throws(SystemError) {
                guard let bytes = try own.read(atMost: 64 << 10) else { return nil }
                if bytes.isEmpty { state.isClosed = true } else { state.buffer += bytes }
            } catch {
                state.isClosed = true
            }
        }
    }

    /// Everything that comes until the other end is gone, without frames: for programs that write plain text. Ends early, with
    /// the same answers, when nothing comes for `milliseconds` or more than `maximumMessage` bytes do.
    package func receiveAll(within milliseconds: UInt64) async -> Received {
        state.withLock { $0.isPlain = true }
        return await receive(within: milliseconds)
    }

    private static func takePlain(_ state: inout State) -> Received? {
        if state.buffer.count > maximumMessage { return .oversized }
        guard state.isClosed else { return nil }
        defer { state.buffer = [] }
        return .message(state.buffer)
    }

    private static func take(_ buffer: inout [UInt8]) -> Received? {
        guard buffer.count >= 4 else { return nil }
        let size = (0..<4).reduce(0) { $0 | Int(buffer[$1]) << (8 * $1) }
        if size > maximumMessage { return .oversized }
        guard buffer.count >= 4 + size else { return nil }
        let message = Array(buffer[4..<4 + size])
        buffer.removeFirst(4 + size)
        return .message(message)
    }

    /// Only the program holds its end from here on: its end is then seen. To be called once it was told to start.
    package func closeRemote() { remote.close() }

    fileprivate func descriptorReady() {
        let found = state.withLock { state -> (CheckedContinuation<Received, Never>, Received)? in
            guard let waiter = state.waiter, let received = read(&state) else { return nil }
            rest(&state)
            return (waiter, received)
        }
        if let (waiter, received) = found { waiter.resume(returning: received) }
    }

    fileprivate func wake(_ received: Received) {
        let waiter = state.withLock { state in
            defer { rest(&state) }
            return state.waiter
        }
        waiter?.resume(returning: received)
    }

    /// Nobody waits any more.
    private func rest(_ state: inout State) {
        if state.waiter == nil { return }
        state.waiter = nil
        loop.removeTimer(state.token)
        loop.remove(state.token, descriptor: own.raw)
    }

    /// Both sides see the end. Whoever waits is told.
    package func close() {
        wake(.closed)
        state.withLock { $0.isClosed = true }
        own.close()
        remote.close()
    }
}

extension Supervisor {
    /// A channel for one run. The caller closes it.
    package func openChannel() throws(SandboxError) -> ResultChannel {
        do { return try ResultChannel(loop: loop) } catch {
            throw SandboxError(.system, "a result channel cannot be made: \(error)")
        }
    }
}

/// What the event loop calls.
private final class Watcher: EventHandler {
    private let channel: ResultChannel

    init(channel: ResultChannel) { self.channel = channel }

    func descriptorReady(_ token: EventLoop.Token) { channel.descriptorReady() }

    func timerFired(_ token: EventLoop.Token) { channel.wake(.timedOut) }
}
