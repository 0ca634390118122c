internal import COrketLinux
internal import Glibc

/// Small files, mostly of /proc and cgroups, as bytes; nothing here follows a name that a candidate made.
package enum Files {
    /// The whole file, at most `limit` bytes.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        try read(at: AT_FDCWD, path, limit: limit)
    }

    package static func read(at directory: Int32, _ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let fd = openat(directory, path, O_RDONLY | O_CLOEXEC)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        let descriptor = Descriptor(owning: fd)
        var all: [UInt8] = []
        while all.count < limit, let more = try descriptor.read(atMost: min(limit - all.count, 16 << 10)), !more.isEmpty
        {
            if all.isEmpty { all = more } else { all += more }
        }
        return all
    }

    /// The file as text, invalid UTF-8 replaced.
    package static func text(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// One write(2), as control files want it.
    package static func write(at directory: Int32, _ path: String, _ text: String) throws(SystemError) {
        let fd = openat(directory, path, O_WRONLY | O_CLOEXEC)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        let descriptor = Descriptor(owning: fd)
        do { _ = try descriptor.write(Array(text.utf8)[...]) } catch {
            throw SystemError("write", "\(text) to \(path)", errno: error.errno)
        }
    }

    /// Writes to a file that exists, as control files of the kernel want it: one write.
    package static func write(_ path: String, _ text: String) throws(SystemError) {
        try write(at: AT_FDCWD, path, text)
    }

    /// Re-reads a control file through a descriptor that stays open.
    package static func reread(_ descriptor: Descriptor, capacity: Int = 512) -> String {
        var bytes = [UInt8](repeating: 0, count: capacity)
        let count = pread(descriptor.raw, &bytes, capacity, 0)
        return count <= 0 ? "" : String(decoding: bytes[..<count], as: UTF8.self)
    }

    package static func open(
        at directory: Int32 = AT_FDCWD, _ path: String, directoryOnly: Bool = false, writing: Bool = false
    )
        throws(SystemError) -> Descriptor
    {
        let flags = (writing ? O_RDWR : O_RDONLY) | O_CLOEXEC | (directoryOnly ? O_DIRECTORY : 0)
        let fd = openat(directory, path, flags)
        if fd < 0 { throw SystemError("open", path, errno: errno) }
        return Descriptor(owning: fd)
    }

    /// Makes a file that is not there yet, for this user only.
    package static func create(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let fd = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if fd < 0 { throw SystemError("create", path, errno: errno) }
        try Descriptor(owning: fd).writeAll(bytes)
    }

    /// True when the caller can see the name; a dangling link does not exist.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether this user may make entries in a directory, or write a file.
    package static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

    /// Where a symbolic link leads; nil when it is none.
    package static func readLink(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Makes one directory; one that exists is no error.
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        if mkdir(path, mode) < 0, errno != EEXIST { throw SystemError("mkdir", path, errno: errno) }
    }

    package static func makeDirectory(at directory: Int32, _ name: String, mode: UInt32 = 0o755) throws(SystemError) {
        if mkdirat(directory, name, mode) < 0 { throw SystemError("mkdir", name, errno: errno) }
    }

    package static func removeDirectory(at directory: Int32 = AT_FDCWD, _ name: String) throws(SystemError) {
        if unlinkat(directory, name, 0x200) < 0 { throw SystemError("rmdir", name, errno: errno) }
    }

    /// Removes a file if it is there.
    package static func remove(_ path: String) { _ = unlink(path) }

    /// Names in a directory, without `.` and `..`, unsorted.
    package static func names(in path: String) throws(SystemError) -> [String] { try names(in: path) { _ in true } }

    /// Names of the directories in a directory, as the file system itself types its entries (cgroupfs and tmpfs do).
    package static func directories(in path: String) throws(SystemError) -> [String] {
        try names(in: path) { $0 == UInt8(DT_DIR) }
    }

    private static func names(in path: String, where isWanted: (UInt8) -> Bool) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError("opendir", path, errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard isWanted(entry.pointee.d_type) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
