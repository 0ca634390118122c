internal import COrketLinux
internal import Glibc

/// Files in a directory that a candidate may write: by descriptor, beneath it, through no link of any kind.
extension Files {
    /// Makes a directory unless it is there; changes the owner when given.
    package static func makeWorkspaceDirectory(_ root: Descriptor, _ path: String, owner: UInt32?) throws(SystemError) {
        let (parent, name) = try openParent(root, path)
        if mkdirat(parent.raw, name, 0o755) < 0 {
            if errno == EEXIST { return }
            throw SystemError("mkdir", path, errno: errno)
        }
        if let owner, fchownat(parent.raw, name, owner, owner, AT_SYMLINK_NOFOLLOW) < 0 {
            throw SystemError("chown", path, errno: errno)
        }
    }

    static func openParent(_ root: Descriptor, _ path: String) throws(SystemError) -> (Descriptor, String) {
        guard let slash = path.lastIndex(of: "/") else { return (try openDirectory(root, "."), path) }
        return (try openDirectory(root, String(path[..<slash])), String(path[path.index(after: slash)...]))
    }

    private static func openDirectory(_ root: Descriptor, _ path: String) throws(SystemError) -> Descriptor {
        let flags = UInt64(O_RDONLY | O_DIRECTORY)
        return Descriptor(owning: try check(orket_open_beneath(root.raw, path, flags, 0), "openat2", path))
    }

    /// Writes a new file; one that exists is an error.
    package static func writeWorkspaceFile(
        _ root: Descriptor, _ path: String, _ bytes: [UInt8], executable: Bool, owner: UInt32?
    ) throws(SystemError) {
        let flags = UInt64(O_WRONLY | O_CREAT | O_EXCL)
        let mode: UInt64 = executable ? 0o755 : 0o644
        let file = Descriptor(owning: try check(orket_open_beneath(root.raw, path, flags, mode), "openat2", path))
        try file.writeAll(bytes)
        if fchmod(file.raw, UInt32(mode)) < 0 { throw SystemError("chmod", path, errno: errno) }
        if let owner, fchown(file.raw, owner, owner) < 0 { throw SystemError("chown", path, errno: errno) }
    }

    /// What a name in a candidate's tree turned out to be.
    package enum CandidateFile: Sendable {
        case regular(Descriptor, size: UInt64, links: UInt64, executable: Bool)
        case other(kind: String)
    }

    /// Never waits (a FIFO opens at once) and never leaves the tree.
    package static func openCandidateFile(_ root: Descriptor, _ path: String) throws(SystemError) -> CandidateFile {
        // First as a name only: opening a device or a FIFO is already an effect.
        let flags = UInt64(0x20_0000 /* O_PATH */ | O_NOFOLLOW)
        let handle = Descriptor(owning: try check(orket_open_beneath(root.raw, path, flags, 0), "openat2", path))
        var info = stat()
        if fstat(handle.raw, &info) < 0 { throw SystemError("fstat", path, errno: errno) }
        guard orket_is_regular(info.st_mode) != 0 else { return .other(kind: kindName(info.st_mode)) }
        let reading = UInt64(O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let file = Descriptor(owning: try check(orket_open_beneath(root.raw, path, reading, 0), "openat2", path))
        if fstat(file.raw, &info) < 0 { throw SystemError("fstat", path, errno: errno) }
        guard orket_is_regular(info.st_mode) != 0 else { return .other(kind: kindName(info.st_mode)) }
        return .regular(
            file, size: UInt64(info.st_size), links: UInt64(info.st_nlink), executable: info.st_mode & 0o111 != 0)
    }

    static func kindName(_ mode: mode_t) -> String {
        switch mode & 0o170000 {
        case 0o120000: "is a symbolic link"
        case 0o040000: "is a directory"
        case 0o020000: "is a character device"
        case 0o060000: "is a block device"
        case 0o010000: "is a FIFO"
        case 0o140000: "is a socket"
        default: "is not a regular file"
        }
    }

    /// True for a directory that is one by itself; a link to one is none.
    package static func isCandidateDirectory(_ root: Descriptor, _ path: String) -> Bool {
        var info = stat()
        let handle = orket_open_beneath(root.raw, path, UInt64(0x20_0000 | O_NOFOLLOW), 0)
        guard handle >= 0 else { return false }
        defer { close(handle) }
        return fstat(handle, &info) == 0 && orket_is_directory(info.st_mode) != 0
    }

    /// True for a symbolic link, wherever it leads.
    package static func isCandidateLink(_ root: Descriptor, _ path: String) -> Bool {
        guard let handle = try? openHandle(root, path) else { return false }
        return (try? FileStamp(handle))?.kind == .link
    }

    /// The bytes from the start, at most `limit` of them; the caller has looked at the size before.
    package static func readAll(_ file: Descriptor, limit: Int) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < limit, let more = try file.read(atMost: min(limit - all.count, 1 << 20)), !more.isEmpty {
            all += more
        }
        return all
    }

    /// Names as bytes: a candidate's names need not be text. Stops after `limit` of them.
    package static func candidateNames(
        _ root: Descriptor, _ path: String, limit: Int = .max
    ) throws(SystemError) -> [[UInt8]] {
        let raw = try check(orket_open_beneath(root.raw, path, UInt64(O_RDONLY | O_DIRECTORY), 0), "openat2", path)
        guard let stream = fdopendir(raw) else {
            close(raw)
            throw SystemError("fdopendir", path, errno: errno)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [46], name != [46, 46] { names.append(name) }
        }
        return names
    }
}
