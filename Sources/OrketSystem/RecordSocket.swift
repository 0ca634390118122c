internal import COrketLinux
internal import Glibc

/// One end of a SOCK_SEQPACKET pair: whole records, with descriptors beside them.
package struct RecordSocket: Sendable {
    package let descriptor: Descriptor

    /// One message with the descriptors that came with it.
    package struct Record: Sendable {
        package var bytes: [UInt8]
        package var descriptors: [Descriptor]
        /// Sender's pid as the kernel saw it; 0 unless `receiveCredentials` was called on this end.
        package var senderPID: Int32
    }

    /// Two connected ends, both close-on-exec.
    package static func pair() throws(SystemError) -> (RecordSocket, RecordSocket) {
        var ends: [Int32] = [0, 0]
        try check(orket_socketpair(&ends), "socketpair")
        return (
            RecordSocket(descriptor: Descriptor(owning: ends[0])), RecordSocket(descriptor: Descriptor(owning: ends[1]))
        )
    }

    /// From now on each record carries its sender's pid, vouched for by the kernel.
    package func receiveCredentials() throws(SystemError) {
        try check(orket_pass_credentials(descriptor.raw), "setsockopt SO_PASSCRED")
    }

    /// Sends one record whole, or throws.
    package func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) {
        try check(orket_send(descriptor.raw, bytes, bytes.count, descriptors, Int32(descriptors.count)), "sendmsg")
    }

    /// Both sides see the end of the file at once. The number stays taken until the last reference goes, so that a thread
    /// that is about to receive never meets somebody else's descriptor.
    package func hangUp() { _ = shutdown(descriptor.raw, Int32(SHUT_RDWR)) }

    /// What `receive` found.
    package enum Received: Sendable {
        case record(Record)
        case endOfFile
        case nothingYet
    }

    /// Never blocks. Records larger than `capacity` are an error, and their descriptors are closed.
    package func receive(capacity: Int = 1024) throws(SystemError) -> Received {
        var count: Int32 = 8
        var pid: pid_t = 0
        var raw: (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0, 0, 0)
        var size = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            withUnsafeMutableBytes(of: &raw) { space in
                size = orket_receive(
                    descriptor.raw, buffer.baseAddress, capacity, space.assumingMemoryBound(to: Int32.self).baseAddress,
                    &count, &pid)
            }
            initialized = max(0, size)
        }
        var descriptors: [Descriptor] = []
        withUnsafeBytes(of: &raw) { space in
            for index in 0..<Int(count) {
                descriptors.append(Descriptor(owning: space.load(fromByteOffset: index * 4, as: Int32.self)))
            }
        }
        if size == -Int(EAGAIN) { return .nothingYet }
        if size == -Int(ECONNRESET) || size == 0 { return .endOfFile }
        if size < 0 { throw SystemError("recvmsg", errno: Int32(-size)) }
        return .record(Record(bytes: bytes, descriptors: descriptors, senderPID: pid))
    }
}
