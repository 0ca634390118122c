import Glibc
import OrketSystem

/// A directory that is gone after the test, with all that is in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/orket-attest-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "mkdtemp failed with \(errno)")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let pid = try? Process.spawn("/bin/rm", arguments: ["-rf", path], environment: [])
        if let pid { _ = Process.reap(pid, wait: true) }
    }
}
