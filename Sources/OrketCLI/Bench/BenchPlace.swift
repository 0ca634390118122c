import Glibc
import OrketSystem

/// A private directory for the length of a benchmark.
struct BenchPlace: Sendable {
    let path: String

    init() throws(SystemError) {
        var template = Array("/tmp/orket-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", "/tmp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Everything in it is ours: two levels of directories below, and files.
    func remove() { Self.remove(path, levels: 3) }

    private static func remove(_ directory: String, levels: Int) {
        for name in (try? Files.names(in: directory)) ?? [] {
            let path = directory + "/" + name
            if unlink(path) != 0 && levels > 0 { remove(path, levels: levels - 1) }
        }
        rmdir(directory)
    }
}
