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

    /// Puts `bytes` in the place of a file, as `FileReplacement` does.
    package static func replace(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let replacement = try FileReplacement(path)
        try replacement.write(bytes)
        try replacement.commit()
    }

    /// Where the links at the end of `path` lead; the path itself when it is no link or leads nowhere.
    static func target(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
