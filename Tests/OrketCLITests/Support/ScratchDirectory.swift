import Glibc
import OrketSystem
import OrketTestSupport
import Testing

/// A directory that is gone after the test.
final class ScratchDirectory: Sendable {
    // Readable for everyone, since a test may look at it as another user.
    private let root = TemporaryDirectory(mode: 0o755)

    var path: String { root.path }

    @discardableResult
    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
        try Files.writeNew("\(path)/\(name)", Array(text.utf8), mode: mode)
        chmod("\(path)/\(name)", mode)
        return "\(path)/\(name)"
    }

    func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws -> String {
        try Files.makeDirectory("\(path)/\(name)")
        chmod("\(path)/\(name)", mode)
        return "\(path)/\(name)"
    }

    func text(_ name: String) throws -> String { try Files.text("\(path)/\(name)") }
}

/// symlink(2); the test fails where it cannot be made.
func symlinkFile(_ target: String, _ path: String) {
    if symlink(target, path) != 0 { Issue.record("symlink \(path): \(SystemError.text(errno))") }
}
