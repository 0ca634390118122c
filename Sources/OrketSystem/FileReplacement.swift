import Glibc

/// A file that is being written to take the place of another: at any moment a reader finds the old content or the new
/// one, whole, also after a crash. Whoever may read the old one may read the new one, and nobody else. A link is followed;
/// what is no regular file, such as a pipe, is written to as it is.
package final class FileReplacement {
    private let target: String
    /// Nil where there is nothing to replace.
    private var temporary: String?
    private let file: Descriptor

    /// Begins the new content of `path`.
    package init(_ path: String) throws(SystemError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT != S_IFREG {
            let fd = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            if fd < 0 { throw SystemError("open", path, errno: errno) }
            file = Descriptor(owning: fd)
            target = path
            return
        }
        target = Files.target(path)
        let name = "\(Files.directory(of: target))/.orket-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let fd = Glibc.open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, isThere ? 0o600 : 0o666)
        if fd < 0 { throw SystemError("create", name, errno: errno) }
        file = Descriptor(owning: fd)
        temporary = name
        guard isThere else { return }
        // The owner first, since a change of it takes bits of the mode away. Without the right to it the file is the caller's.
        _ = fchown(fd, status.st_uid, status.st_gid)
        if fchmod(fd, status.st_mode & 0o777) < 0 { throw SystemError("fchmod", name, errno: errno) }
    }

    /// Without `commit` nothing was replaced.
    deinit { if let temporary { Files.remove(temporary) } }

    /// Goes on with the content.
    package func write(_ bytes: [UInt8]) throws(SystemError) { try file.writeAll(bytes) }

    /// Puts what was written in the file's place, and on the disk.
    package func commit() throws(SystemError) {
        guard let name = temporary else { return }
        if fsync(file.raw) < 0 { throw SystemError("fsync", name, errno: errno) }
        if rename(name, target) < 0 { throw SystemError("rename", target, errno: errno) }
        temporary = nil
        // The new name is on the disk as well; a file system that cannot do so has done all it can.
        if let directory = try? Files.open(Files.directory(of: target), directoryOnly: true) {
            _ = fsync(directory.raw)
        }
    }
}
