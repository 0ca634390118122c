internal import COrketLinux
internal import Glibc

/// Files that Orket itself keeps: records and locks.
extension Files {
    /// True for a real directory (no link) that `owner` owns and nobody else can write.
    package static func isPrivateDirectory(_ path: String, owner: UInt32) -> Bool {
        var info = stat()
        guard lstat(path, &info) == 0 else { return false }
        return orket_is_directory(info.st_mode) != 0 && info.st_uid == owner && info.st_mode & 0o022 == 0
    }

    /// Opens or makes a private file, never through a link.
    package static func openRecord(_ path: String) throws(SystemError) -> Descriptor {
        let fd = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        return Descriptor(owning: fd)
    }

    /// flock(2) without waiting; held until the descriptor closes.
    package static func lock(_ file: Descriptor) -> Bool { orket_flock_exclusive_nonblocking(file.raw) == 0 }

    /// True when the name still leads to the opened file.
    package static func isSameFile(_ path: String, _ file: Descriptor) -> Bool {
        var named = stat()
        var opened = stat()
        guard lstat(path, &named) == 0, fstat(file.raw, &opened) == 0 else { return false }
        return named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
    }

    /// Writes the whole text at the start and cuts the rest. Not forced to the disk: what a record tells of does not
    /// outlive the kernel either.
    package static func replaceContents(_ file: Descriptor, _ text: String) throws(SystemError) {
        let bytes = Array(text.utf8)
        if ftruncate(file.raw, 0) < 0 { throw SystemError("ftruncate", errno: errno) }
        if pwrite(file.raw, bytes, bytes.count, 0) != bytes.count { throw SystemError("write", "record", errno: errno) }
    }

    /// Writes a file that must not exist yet, not even as a link.
    package static func writeNew(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let fd = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        try Descriptor(owning: fd).writeAll(bytes)
    }

    /// Free bytes and free inodes of the file system behind a descriptor.
    package static func freeSpace(_ descriptor: Descriptor) -> (bytes: UInt64, inodes: UInt64)? {
        var info = statvfs()
        guard fstatvfs(descriptor.raw, &info) == 0 else { return nil }
        return (UInt64(info.f_bavail) * UInt64(info.f_frsize), UInt64(info.f_favail))
    }
}

extension Process {
    /// A variable of this process's environment.
    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
