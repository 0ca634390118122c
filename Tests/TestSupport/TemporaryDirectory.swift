internal import Glibc

/// A directory beneath /tmp that is gone after the test, with all that is in it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    /// `mode` 0o755 lets a test look into it as another user.
    package init(mode: UInt32 = 0o700) {
        var template = Array("/tmp/orket-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "mkdtemp failed with \(errno)")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, mode)
    }

    deinit { remove() }

    /// Now already.
    package func remove() { Self.removeTree(path) }

    /// Links are removed, not followed.
    private static func removeTree(_ path: String) {
        if unlink(path) == 0 || rmdir(path) == 0 { return }
        guard let stream = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        closedir(stream)
        for name in names { removeTree("\(path)/\(name)") }
        rmdir(path)
    }
}
