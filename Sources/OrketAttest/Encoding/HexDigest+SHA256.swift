internal import Crypto
package import OrketCore

extension HexDigest {
    /// The SHA-256 of `bytes`.
    package init(sha256 bytes: [UInt8]) { self.init(bytes: Array(SHA256.hash(data: bytes))) }
}
