internal import Crypto
internal import OrketCore

extension HexDigest {
    /// The SHA-256 of `bytes`.
    init(sha256 bytes: [UInt8]) { self.init(bytes: Array(SHA256.hash(data: bytes))) }
}
