import Crypto
import OrketCore

/// SHA-256 as this module writes it.
package enum Digest {
    /// Hex SHA-256 of `bytes`.
    package static func hex(of bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// A finished digest in hexadecimal.
    static func hex(_ digest: SHA256.Digest) -> String { HexText.encode(digest) }
}
