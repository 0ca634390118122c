internal import Glibc

/// The few things that loading a policy asks of the file system. Errors are sentences for a finding.
enum HostFile {
    struct Failure: Error { let message: String }

    /// Bytes of a regular file of at most `limit + 1` bytes: one more than wanted tells that it is too large.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        // O_NONBLOCK: a FIFO in the file's place must not hang the caller.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure("cannot be read", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(message: "is no regular file") }
        // As much as there seems to be and one byte, so that the end shows; all that may be once there is more.
        var bytes = [UInt8](repeating: 0, count: min(Int(clamping: status.st_size), limit) + 1)
        var count = 0
        while count < bytes.count {
            let (result, code) = bytes.withUnsafeMutableBytes { buffer in
                let result = Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
                return (result, errno)
            }
            if result == 0 { break }
            if result > 0 { count += result } else if code != EINTR { throw failure("cannot be read", code) }
            if count == bytes.count { bytes += [UInt8](repeating: 0, count: limit + 1 - count) }
        }
        return Array(bytes[..<count])
    }

    /// The path without links, `.` and `..`.
    static func realPath(_ path: String) throws(Failure) -> String {
        guard let pointer = realpath(path, nil) else { throw failure("cannot be read", errno) }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Names of the entries of a directory, sorted; empty when it cannot be read.
    static func entries(of directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func failure(_ what: String, _ code: Int32) -> Failure {
        Failure(message: "\(what): \(String(cString: strerror(code)))")
    }
}
