internal import Glibc
internal import Synchronization

/// Copies the caller's stdin into a pipe on a thread of its own: the source may be a terminal or a regular file, neither of
/// which epoll can wait for without changing it for everyone who shares it. The thread ends with either side.
package enum DescriptorPump {
    private final class Job: Sendable {
        let source: Int32
        let sink: Descriptor

        init(source: Int32, sink: Descriptor) {
            self.source = source
            self.sink = sink
        }
    }

    package static func start(from source: Int32, to sink: Descriptor) {
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(source: source, sink: sink))
        let result = pthread_create(
            &thread, nil,
            { raw in
                let job = Unmanaged<Job>.fromOpaque(raw!).takeRetainedValue()
                DescriptorPump.copy(job.source, job.sink)
                return nil
            }, job.toOpaque())
        if result == 0 { pthread_detach(thread) } else { job.release() }
    }

    private static func copy(_ source: Int32, _ sink: Descriptor) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, (try? sink.writeAll(Array(buffer[..<count]))) != nil else { break }
        }
        sink.close()
    }
}
