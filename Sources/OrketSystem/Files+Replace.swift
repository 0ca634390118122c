import Glibc

extension Files {
    /// Why `path` cannot be written by `replace`, in a few words; nil when nothing speaks against it yet.
    package static func replaceProblem(_ path: String) -> String? {
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return "is a directory" }
            if status.st_mode & S_IFMT != S_IFREG { return isWritable(path) ? nil : "cannot be written" }
        } else if errno != ENOENT {
            return "cannot be examined: \(SystemError.text(errno))"
        }
        let directory = directory(of: target(path))
        return isWritable(directory) ? nil : "cannot be made: \(directory) is missing or not writable"
    }

    /// Puts `bytes` in the place of a file, so that at any moment a reader finds the old content or the new one, whole,
    /// also after a crash. A link is followed; what is no regular file, such as a pipe, is written to as it is.
    package static func replace(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let fd = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            if fd < 0 { throw SystemError("open", path, errno: errno) }
            return try Descriptor(owning: fd).writeAll(bytes)
        }
        let target = target(path)
        let temporary = "\(directory(of: target))/.orket-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let fd = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        if fd < 0 { throw SystemError("create", temporary, errno: errno) }
        let file = Descriptor(owning: fd)
        do throws(SystemError) {
            try file.writeAll(bytes)
            if fsync(file.raw) < 0 { throw SystemError("fsync", temporary, errno: errno) }
            if rename(temporary, target) < 0 { throw SystemError("rename", target, errno: errno) }
        } catch {
            remove(temporary)
            throw error
        }
        // The new name is on the disk as well; a file system that cannot do so has done all it can.
        if let directory = try? open(directory(of: target), directoryOnly: true) { _ = fsync(directory.raw) }
    }

    /// Where the links at the end of `path` lead; the path itself when it is no link or leads nowhere.
    private static func target(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
