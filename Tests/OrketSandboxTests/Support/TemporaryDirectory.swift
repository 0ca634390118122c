import Glibc
import OrketSystem

/// A directory of one test.
struct TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/orket-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", "/tmp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// With all that is in it.
    func remove() {
        let pid = try? Process.spawn("/bin/rm", arguments: ["-rf", path], environment: [])
        if let pid { _ = Process.reap(pid, wait: true) }
    }
}
