internal import Glibc

/// Copies the caller's stdin into a pipe on a thread of its own: the source may be a terminal or a regular file, neither of
/// which epoll can wait for without changing it for everyone who shares it. The thread ends with either side.
package enum DescriptorPump {
    /// Takes over `sink`; it is closed at the end of `source`, or when nobody reads it any more.
    package static func start(from source: Int32, to sink: Descriptor) {
        // Without a thread the program meets an empty stdin, as if there were no source.
        if !DetachedThread.start({ copy(source, sink) }) { sink.close() }
    }

    private static func copy(_ source: Int32, _ sink: Descriptor) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while isReadable(source, unless: sink.raw) {
            let count = read(source, &buffer, buffer.count)
            // EAGAIN: the caller's descriptor may be non-blocking, by whoever else holds it.
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0, (try? sink.writeAll(Array(buffer[..<count]))) != nil else { break }
        }
        sink.close()
    }

    /// Waits for input; false when the sink lost its reader, so that nothing is taken from the source for no one. Also
    /// waits for the first writer of a FIFO that was opened without one.
    private static func isReadable(_ source: Int32, unless sink: Int32) -> Bool {
        var ends = [
            pollfd(fd: source, events: Int16(POLLIN), revents: 0), pollfd(fd: sink, events: 0, revents: 0),
        ]
        while poll(&ends, 2, -1) < 0 { if errno != EINTR { return false } }
        return ends[1].revents == 0
    }
}
