import OrketCore
import Synchronization

/// Digests of the policies that fixtures run under. Many fixtures share theirs, and the text that is hashed contains the whole
/// driver; it is made once for each.
final class PolicyDigests: Sendable {
    private let known = Mutex<[[Policy]: String]>([:])
    /// So that a corpus whose every fixture has limits of its own does not fill the memory.
    private static let maximum = 256

    /// Lower-case hex SHA-256 over the canonical texts, one after the other.
    func digest(of policies: [Policy]) -> String {
        if let digest = known.withLock({ $0[policies] }) { return digest }
        let digest = Digest.hex(of: Array(policies.map(\.canonicalText).joined().utf8))
        known.withLock {
            if $0.count >= Self.maximum { $0.removeAll() }
            $0[policies] = digest
        }
        return digest
    }
}
