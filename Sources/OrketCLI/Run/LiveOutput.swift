import Glibc
import OrketCore
import OrketSystem
import Synchronization

/// Passes the program's streams on to ours while it runs: every byte, in the order in which it arrived.
///
/// The monitor thread must not wait for a reader of ours that is slow, so it only appends to a queue; a thread of its own
/// writes, and lives only while there is something to write. When the queue is long the program is made to wait; when
/// nobody takes its bytes any more, it is ended.
final class LiveOutput: Sendable {
    /// Why a stream of ours takes no more bytes.
    struct Failure: Sendable, Hashable {
        var stream: OutputStream
        var errno: Int32

        /// Nobody reads any more: an end, not a fault.
        var isBrokenPipe: Bool { errno == EPIPE }
    }

    /// Bytes in the queue from which the program is made to wait, and below which it goes on.
    private static let highWater = 1 << 20
    private static let lowWater = 256 << 10

    private struct State {
        var chunks: [(stream: OutputStream, bytes: [UInt8])] = []
        var queuedBytes = 0
        var control: RunControl?
        var isHolding = false
        var isWriting = false
        var isAbandoned = false
        var failure: Failure?
        var whenIdle: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// The first failure; bytes for the other stream still pass.
    var failure: Failure? { state.withLock { $0.failure } }

    /// From here on the program can be made to wait and can be ended. Output may have come before.
    func attach(_ control: RunControl) {
        state.withLock { state in
            state.control = control
            if state.isHolding { control.holdOutput(true) }
            if state.failure != nil { control.cancel() }
        }
    }

    /// Queues a chunk. Does not wait.
    func pass(_ stream: OutputStream, _ bytes: [UInt8]) {
        let mustStart = state.withLock { state in
            if state.isAbandoned || state.failure?.stream == stream { return false }
            // Joined while they wait, so that a program that writes byte by byte does not cost a call each.
            if let last = state.chunks.indices.last, state.chunks[last].stream == stream {
                state.chunks[last].bytes += bytes
            } else {
                state.chunks.append((stream, bytes))
            }
            state.queuedBytes += bytes.count
            Self.adjust(&state)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard mustStart else { return }
        // No thread can be had: written here, which is slow but right.
        if !DetachedThread.start({ [self] in drain() }) { drain() }
    }

    /// Returns when every queued byte is written, or nobody takes them.
    func finish() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if !state.isWriting || state.isAbandoned { return true }
                state.whenIdle = continuation
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Lets `finish` return at once; what is not written by then may be lost.
    func abandon() {
        let waiter = state.withLock { state in
            state.isAbandoned = true
            state.chunks = []
            defer { state.whenIdle = nil }
            return state.whenIdle
        }
        waiter?.resume()
    }

    /// Under the lock, so that two threads cannot tell the run in the wrong order.
    private static func adjust(_ state: inout State) {
        let mustHold = state.queuedBytes > (state.isHolding ? lowWater : highWater)
        if mustHold == state.isHolding { return }
        state.isHolding = mustHold
        state.control?.holdOutput(mustHold)
    }

    private func drain() {
        while let (stream, bytes) = next() {
            let error = Self.write(bytes, to: stream == .stdout ? STDOUT_FILENO : STDERR_FILENO)
            state.withLock { state in
                if let error { Self.fail(&state, Failure(stream: stream, errno: error)) }
                state.queuedBytes = state.chunks.reduce(0) { $0 + $1.bytes.count }
                Self.adjust(&state)
            }
        }
    }

    private static func fail(_ state: inout State, _ failure: Failure) {
        state.chunks.removeAll { $0.stream == failure.stream }
        if state.failure != nil { return }
        state.failure = failure
        state.control?.cancel()
    }

    private func next() -> (stream: OutputStream, bytes: [UInt8])? {
        var waiter: CheckedContinuation<Void, Never>?
        let chunk = state.withLock { state -> (stream: OutputStream, bytes: [UInt8])? in
            if !state.chunks.isEmpty { return state.chunks.removeFirst() }
            state.isWriting = false
            waiter = state.whenIdle
            state.whenIdle = nil
            return nil
        }
        waiter?.resume()
        return chunk
    }

    /// Writes all bytes, waiting where it must; the error number when that cannot be done.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let (count, error) = rest.withUnsafeBytes { (Glibc.write(descriptor, $0.baseAddress, $0.count), errno) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if error == EAGAIN {
                // Ours may be non-blocking, by whoever else holds it.
                var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&end, 1, -1)
            } else if error != EINTR {
                return error
            }
        }
        return nil
    }
}
