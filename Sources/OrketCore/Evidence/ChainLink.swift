/// What ties an evidence record to the one before it. The hash of a record is SHA-256 over `bytes`; whoever holds one hash
/// can therefore tell whether any record up to it was changed, moved, added or taken out.
///
/// Encoding, version 1: the ASCII text `orket.evidence.link/1`, then five fields in the order of the properties. Each
/// field is its length in bytes as 8 bytes, then that many bytes. Numbers are 8 bytes. All numbers have their most
/// significant byte first. Without the lengths two different records could have the same bytes.
package struct ChainLink: Sendable, Hashable {
    /// Of the record before; `HexDigest.zero` for the first one. 32 raw bytes in the encoding.
    package var previousHash: HexDigest
    /// 1 for the first record, then without gaps.
    package var sequence: Int64
    /// 36 bytes of ASCII.
    package var id: EvidenceID
    /// Milliseconds since 1970, UTC.
    package var recordedAtMs: Int64
    /// The record itself as UTF-8.
    package var body: String

    /// A link of the five fields.
    package init(previousHash: HexDigest, sequence: Int64, id: EvidenceID, recordedAtMs: Int64, body: String) {
        self.previousHash = previousHash
        self.sequence = sequence
        self.id = id
        self.recordedAtMs = recordedAtMs
        self.body = body
    }

    /// Version of the encoding; part of what is hashed.
    package static let domain = "orket.evidence.link/1"

    /// What is hashed.
    package var bytes: [UInt8] {
        var bytes = Array(Self.domain.utf8)
        let fields = [
            previousHash.bytes, sequence.bigEndianBytes, Array(id.text.utf8), recordedAtMs.bigEndianBytes,
            Array(body.utf8),
        ]
        for field in fields {
            bytes += UInt64(field.count).bigEndianBytes
            bytes += field
        }
        return bytes
    }
}
