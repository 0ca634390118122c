import Glibc
import OrketCore
import OrketSandbox
import OrketSystem
import OrketTestSupport

/// A directory of policy files that exists for one test.
final class PolicyDirectory {
    private let root = TemporaryDirectory()

    var path: String { root.path }

    /// Writes a file and gives its path.
    @discardableResult
    func put(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        unlink(file)
        try Files.create(file, Array(text.utf8))
        return file
    }

    /// The policies that come with Orket.
    static let shipped: PolicyStore = {
        // Policies/, OrketSandboxTests/, Tests/, and this file's own name.
        let parts = #filePath.split(separator: "/").dropLast(4)
        return PolicyStore(directory: "/" + parts.joined(separator: "/") + "/policies")
    }()

    /// The findings of a policy with this text, which may extend a shipped one; empty when it is accepted.
    func findings(_ text: String) throws -> [Finding] {
        let file = try put("sample.yaml", text)
        do {
            _ = try Self.shipped.resolve(file, allowsFoundation: true)
            return []
        } catch {
            return error.findings
        }
    }
}
