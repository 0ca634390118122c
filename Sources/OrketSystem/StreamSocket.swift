internal import COrketLinux
internal import Glibc

/// A connected pair of stream sockets.
package enum StreamSocket {
    /// Two ends, both close-on-exec; only the first never blocks.
    package static func pair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [Int32] = [0, 0]
        try check(orket_streampair(&ends), "socketpair")
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// Sends what fits: the number of bytes taken, nil when none is, or when there is no other end.
    package static func send(_ bytes: ArraySlice<UInt8>, to socket: Descriptor) -> Int? {
        let count = bytes.withUnsafeBytes { Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        return count < 0 ? nil : count
    }

    /// Blocks until the socket takes bytes again; false when it does not in time, or has no other end.
    package static func waitForRoom(_ raw: Int32, milliseconds: UInt64) -> Bool {
        var poll = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
        let count = Glibc.poll(&poll, 1, Int32(clamping: milliseconds))
        return count == 1 && poll.revents & Int16(POLLHUP | POLLERR | POLLNVAL) == 0
    }
}
