internal import Glibc
internal import OrketCore

/// The few calls on names that SQLite does not make for us.
enum HostPath {
    /// What a name leads to, links not followed.
    enum Kind: Equatable {
        case absent, file(bytes: Int64), other
    }

    static func kind(_ path: String) throws(StoreError) -> Kind {
        var info = stat()
        if lstat(path, &info) != 0 {
            if errno == ENOENT { return .absent }
            throw failure(path, errno)
        }
        return info.st_mode & S_IFMT == S_IFREG ? .file(bytes: Int64(info.st_size)) : .other
    }

    /// Throws unless this user may write file and directory: SQLite would open what it cannot write, and fail later.
    static func requireWritable(_ path: String, isNew: Bool = false) throws(StoreError) {
        if !isNew, access(path, R_OK | W_OK) != 0 { throw failure(path, errno, subject: "the file") }
        let directory = directory(of: path)
        if access(directory, R_OK | W_OK | X_OK) != 0 {
            throw failure(path, errno, subject: "its directory \(directory)")
        }
    }

    /// Makes an empty file for this user only; SQLite gives its companions the same mode.
    static func makeFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { throw failure(path, errno) }
        close(descriptor)
    }

    static func remove(_ path: String) { _ = unlink(path) }

    /// Also makes the new name durable.
    static func rename(_ path: String, to name: String) throws(StoreError) {
        if Glibc.rename(path, name) != 0 { throw failure(name, errno) }
        let descriptor = open(directory(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        if descriptor < 0 || fsync(descriptor) != 0 { throw failure(name, errno) }
    }

    /// Runs `body` while no other process runs one for the same directory.
    static func locked(_ path: String, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        let descriptor = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw failure(path, errno, subject: "its directory \(directory(of: path))") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { throw failure(path, errno) }
        }
        try body()
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String, _ number: Int32, subject: String? = nil) -> StoreError {
        let code: StoreError.Code =
            switch number {
            case EROFS: .readOnly
            case EACCES, EPERM: subject == nil ? .unreachable : .readOnly
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: .unreachable
            case ENOSPC, EDQUOT: .full
            default: .failed
            }
        return StoreError(code, path, (subject.map { $0 + ": " } ?? "") + String(cString: strerror(number)))
    }
}
