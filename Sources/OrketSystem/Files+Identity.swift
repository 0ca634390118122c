internal import Glibc

extension Files {
    /// What `path` leads to: its real path, size, and the time of its last change of contents or of anything else about it, so
    /// that another file in its place is seen. Nil when there is none.
    package static func identity(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        var info = stat()
        guard realpath(path, &buffer) != nil, stat(buffer, &info) == 0 else { return nil }
        let real = buffer.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return [
            real, "\(info.st_size)", "\(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)",
            "\(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)",
        ].joined(separator: "\t")
    }
}
