internal import Glibc
internal import COrketLinux
internal import Synchronization

/// An owned descriptor: closed exactly once, when the last reference goes or `close()` is called, whichever is first.
package final class Descriptor: Sendable {
    package let raw: Int32
    private let isOpen: Atomic<Bool>

    /// Takes ownership of `raw`, which must be open and owned by no one else.
    package init(owning raw: Int32) {
        self.raw = raw
        isOpen = Atomic(true)
    }

    /// Closes the descriptor now; a second call does nothing. `raw` may then mean another file, so nobody may use it.
    package func close() {
        if isOpen.exchange(false, ordering: .acquiringAndReleasing) { _ = Glibc.close(raw) }
    }

    deinit { close() }

    /// Reads at most `capacity` bytes; empty at end of file, nil when nothing is there yet (non-blocking descriptors).
    package func read(atMost capacity: Int) throws(SystemError) -> [UInt8]? {
        var count = 0
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            repeat { count = Glibc.read(raw, buffer.baseAddress, capacity) } while count < 0 && errno == EINTR
            if count < 0 { failure = errno }
            initialized = max(0, count)
        }
        if failure == EAGAIN { return nil }
        if failure != 0 { throw SystemError("read", errno: failure) }
        return bytes
    }

    /// Writes what fits: the number of bytes taken, or nil when the descriptor would block.
    package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int? {
        var count = 0
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            repeat { count = Glibc.write(raw, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            if count < 0 { failure = errno }
        }
        if failure == EAGAIN { return nil }
        if failure != 0 { throw SystemError("write", errno: failure) }
        return count
    }

    /// Writes all bytes to a blocking descriptor.
    package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try write(rest) ?? 0) }
    }
}

/// A pipe whose ends are close-on-exec. `nonblocking` names the end that the supervisor keeps.
package struct Pipe: Sendable {
    package let reading: Descriptor
    package let writing: Descriptor

    package enum End: Int32, Sendable { case reading = 0, writing = 1, none = -1 }

    package init(nonblocking: End) throws(SystemError) {
        var ends: [Int32] = [0, 0]
        try check(orket_pipe(&ends, nonblocking.rawValue), "pipe2")
        reading = Descriptor(owning: ends[0])
        writing = Descriptor(owning: ends[1])
    }
}
