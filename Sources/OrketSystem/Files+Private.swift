internal import COrketLinux
internal import Glibc

/// Files with secrets, and files that are there whole or not at all.
extension Files {
    /// What a name that should hold a secret turned out to be.
    package enum PrivateFile: Sendable, Hashable {
        case missing
        case bytes([UInt8])
        /// Ends a sentence that starts with the name.
        case refused(String)
    }

    /// Reads a file that only this user may read or write, that has one name and is no link. What is looked at is the
    /// opened file, so nothing can be put in its place in between.
    package static func readPrivate(_ path: String, limit: Int) throws(SystemError) -> PrivateFile {
        let fd = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        if fd < 0 {
            let error = errno
            if error == ENOENT { return .missing }
            if error == ELOOP { return .refused("is a symbolic link") }
            throw SystemError("open", path, errno: error)
        }
        let file = Descriptor(owning: fd)
        var info = stat()
        if fstat(fd, &info) < 0 { throw SystemError("fstat", path, errno: errno) }
        if orket_is_regular(info.st_mode) == 0 { return .refused("is no regular file") }
        if info.st_uid != geteuid() { return .refused("belongs to the user \(info.st_uid)") }
        if info.st_mode & 0o077 != 0 {
            return .refused("may be used by others (mode \(String(info.st_mode & 0o777, radix: 8)))")
        }
        if info.st_nlink > 1 { return .refused("has \(info.st_nlink) names") }
        if info.st_size > limit { return .refused("has more than \(limit) bytes") }
        return .bytes(try readAll(file, limit: limit))
    }

    /// Writes a file under another name, forces it to the disk, and only then gives it its own: nobody ever sees half of
    /// it. `replaces` false: what has the name already stays, and the error is EEXIST.
    package static func publish(
        _ path: String, _ bytes: [UInt8], mode: UInt32, replaces: Bool
    ) throws(SystemError) {
        let draft = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let fd = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        if fd < 0 { throw SystemError("create", draft, errno: errno) }
        do throws(SystemError) {
            let file = Descriptor(owning: fd)
            try file.writeAll(bytes)
            if fsync(fd) < 0 { throw SystemError("fsync", draft, errno: errno) }
            try check(replaces ? renamed(draft, path) : orket_rename_new(draft, path), "rename", path)
        } catch {
            remove(draft)
            throw error
        }
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = try open(parent, directoryOnly: true)
        if fsync(directory.raw) < 0 { throw SystemError("fsync", parent, errno: errno) }
    }

    private static func renamed(_ old: String, _ new: String) -> Int32 { rename(old, new) < 0 ? -errno : 0 }

    /// Makes a directory with all above it that is missing, for this user only.
    package static func makeDirectories(_ path: String) throws(SystemError) {
        var made = ""
        for name in path.split(separator: "/") {
            made += "/" + name
            if !exists(made) { try makeDirectory(made) }
        }
    }
}
