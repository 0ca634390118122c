internal import Crypto
package import OrketCore

extension Policy {
    /// Lower-case hex SHA-256 of `canonicalText`: the identity of what the policy enforces.
    package var digest: String {
        SHA256.hash(data: Array(canonicalText.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}
