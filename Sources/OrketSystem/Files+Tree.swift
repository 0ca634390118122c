internal import COrketLinux
internal import Glibc

/// Reading a tree that someone else may be changing: every name is looked up beneath a directory that is held open,
/// through no link of any kind and into no other file system.
extension Files {
    /// What the caller's own path names, links followed; never waits and takes no terminal.
    package static func openNamed(_ path: String) throws(SystemError) -> Descriptor {
        let fd = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        return Descriptor(owning: fd)
    }

    /// A name as such: nothing is opened that could notice.
    package static func openHandle(_ root: Descriptor, _ path: String) throws(SystemError) -> Descriptor {
        let flags = UInt64(0x20_0000 /* O_PATH */ | O_NOFOLLOW)
        return Descriptor(owning: try check(orket_open_beneath(root.raw, path, flags, 0), "openat2", path))
    }

    /// For reading; the caller has seen by a handle that it is a regular file, and looks again.
    package static func openBeneath(_ root: Descriptor, _ path: String) throws(SystemError) -> Descriptor {
        let flags = UInt64(O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        return Descriptor(owning: try check(orket_open_beneath(root.raw, path, flags, 0), "openat2", path))
    }

    /// Where the link leads that `openHandle` opened; at most `limit` bytes and one more, by which a longer one shows.
    package static func linkTarget(_ handle: Descriptor, limit: Int) throws(SystemError) -> [UInt8] {
        var count = 0
        let target = [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, initialized in
            count = readlinkat(handle.raw, "", buffer.baseAddress!, buffer.count)
            initialized = max(0, count)
        }
        if count < 0 { throw SystemError("readlink", errno: errno) }
        return target
    }

    /// Bytes at an offset: fewer than asked for only at the end of the file.
    package static func read(_ file: Descriptor, at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let position = off_t(clamping: offset) + off_t(initialized)
                let more = pread(file.raw, buffer.baseAddress! + initialized, count - initialized, position)
                if more < 0, errno == EINTR { continue }
                if more < 0 { failure = errno }
                if more <= 0 { break }
                initialized += more
            }
        }
        if failure != 0 { throw SystemError("read", errno: failure) }
        return bytes
    }

    /// The path without links, `.` and `..`; nil when it names nothing.
    package static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Makes a symbolic link that must not exist yet; where it leads is not looked at.
    package static func makeWorkspaceLink(
        _ root: Descriptor, _ path: String, target: [UInt8], owner: UInt32?
    ) throws(SystemError) {
        let (parent, name) = try openParent(root, path)
        let text = target.map(CChar.init(bitPattern:)) + [0]
        if symlinkat(text, parent.raw, name) < 0 { throw SystemError("symlink", path, errno: errno) }
        if let owner, fchownat(parent.raw, name, owner, owner, AT_SYMLINK_NOFOLLOW) < 0 {
            throw SystemError("chown", path, errno: errno)
        }
    }
}
