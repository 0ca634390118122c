import Glibc
package import OrketCore

/// Bounded reading of files that the user named: corpora, fixtures, sources.
package enum HostFile {
    /// Calls `consume` with the chunks of a file until its end; at most 64 KiB each. Throws a finding when the file
    /// cannot be opened or read, and what `consume` throws.
    package static func read(
        _ path: String, consume: ([UInt8]) throws(InvalidInput) -> Void
    ) throws(InvalidInput) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        if descriptor < 0 { throw failure(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            let error = errno
            if count == 0 { return }
            if count > 0 {
                try consume(Array(buffer[..<count]))
            } else if error != EINTR {
                throw failure(path, "cannot be read", error)
            }
        }
    }

    /// The whole file; more than `maximumBytes` is a finding.
    package static func contents(_ path: String, maximumBytes: Int) throws(InvalidInput) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { chunk throws(InvalidInput) in
            bytes += chunk
            if bytes.count > maximumBytes {
                throw InvalidInput([Finding(file: path, "larger than \(maximumBytes) bytes")])
            }
        }
        return bytes
    }

    /// What `path` names, following links at its end.
    package static func kind(_ path: String) -> Kind {
        var status = stat()
        if stat(path, &status) != 0 { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// The kinds of file that a path may name.
    package enum Kind: Sendable { case missing, file, directory, other }

    private static func failure(_ path: String, _ what: String, _ error: Int32) -> InvalidInput {
        InvalidInput([Finding(file: path, "\(what): \(String(cString: strerror(error)))")])
    }
}
