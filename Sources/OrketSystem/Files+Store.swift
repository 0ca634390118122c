internal import Glibc

/// Files that must be there whole or not at all, by name in a directory that is held open and that nobody else writes.
extension Files {
    /// A new file, for this user only, open for reading and writing.
    package static func createNew(at directory: Descriptor, _ name: String) throws(SystemError) -> Descriptor {
        let fd = openat(directory.raw, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if fd < 0 { throw SystemError("create", name, errno: errno) }
        return Descriptor(owning: fd)
    }

    /// An existing file for reading, through no link at its end.
    package static func openStored(at directory: Descriptor, _ name: String) throws(SystemError) -> Descriptor {
        let fd = openat(directory.raw, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if fd < 0 { throw SystemError("open", name, errno: errno) }
        return Descriptor(owning: fd)
    }

    package static func setMode(_ file: Descriptor, _ mode: UInt32) throws(SystemError) {
        if fchmod(file.raw, mode) < 0 { throw SystemError("chmod", errno: errno) }
    }

    /// Waits until the bytes, or the entries of a directory, are on the disk.
    package static func synchronize(_ file: Descriptor) throws(SystemError) {
        if fsync(file.raw) < 0 { throw SystemError("fsync", errno: errno) }
    }

    /// Gives a file its other name in one step; what had that name is gone.
    package static func move(at directory: Descriptor, _ old: String, _ new: String) throws(SystemError) {
        if renameat(directory.raw, old, directory.raw, new) < 0 { throw SystemError("rename", new, errno: errno) }
    }

    package static func remove(at directory: Descriptor, _ name: String) throws(SystemError) {
        if unlinkat(directory.raw, name, 0) < 0 { throw SystemError("unlink", name, errno: errno) }
    }

    /// Sets the times of a file to now, as its file system has it; false when there is none.
    package static func touch(at directory: Descriptor, _ name: String) -> Bool {
        utimensat(directory.raw, name, nil, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Makes a directory unless it is there; true when it was not.
    package static func ensureDirectory(at directory: Descriptor, _ name: String) throws(SystemError) -> Bool {
        if mkdirat(directory.raw, name, 0o700) == 0 { return true }
        if errno == EEXIST { return false }
        throw SystemError("mkdir", name, errno: errno)
    }

    /// flock(2) that waits; held until the descriptor closes. Shared with others who share, or alone.
    package static func waitForLock(_ file: Descriptor, alone: Bool) throws(SystemError) {
        while flock(file.raw, alone ? LOCK_EX : LOCK_SH) < 0 {
            if errno != EINTR { throw SystemError("flock", errno: errno) }
        }
    }
}
