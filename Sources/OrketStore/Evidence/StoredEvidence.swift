internal import GRDB
package import OrketCore

/// One record as it stands in the store.
package struct StoredEvidence: Sendable, Hashable {
    /// Position in the chain, from 1 on without gaps.
    package let sequence: Int64
    /// Of the record before; `HexDigest.zero` for the first one.
    package let previousHash: HexDigest
    /// Of this record, see `ChainLink`.
    package let hash: HexDigest
    package let id: EvidenceID
    package let recordedAt: UTCTime
    /// Of the fixture; a stranger may have chosen it.
    package let fixture: String
    package let outcome: Outcome
    /// The primary one; nil when passed.
    package let reason: ReasonCode?
    package let digests: EvidenceDigests
    package let cacheKey: HexDigest
    /// The record itself, byte for byte what `EvidenceRecord.body` was.
    package let body: String

    static let columns = """
        sequence, previousHash, hash, id, recordedAtMs, fixture, outcome, reason, candidateDigest, fixtureDigest,
        policyDigest, planDigest, toolchainDigest, verifierDigest, cacheKey, body
        """

    /// Throws what a damaged file shows; the rules of the tables exclude it for any other.
    init(_ row: Row, file: String) throws {
        let sequence = try row.decode(Int64.self, forColumn: "sequence")
        func text(_ column: String) throws -> String { try row.decode(String.self, forColumn: column) }
        func parsed<Value>(_ column: String, _ parse: (String) -> Value?) throws -> Value {
            if let value = parse(try text(column)) { return value }
            throw StoreError(.corrupted, file, "record \(sequence): \(column) is not readable")
        }
        func digest(_ column: String) throws -> HexDigest { try parsed(column, HexDigest.init) }
        self.sequence = sequence
        previousHash = try digest("previousHash")
        hash = try digest("hash")
        id = try parsed("id", EvidenceID.init)
        recordedAt = UTCTime(milliseconds: try row.decode(Int64.self, forColumn: "recordedAtMs"))
        fixture = try text("fixture")
        outcome = try parsed("outcome", Outcome.init(rawValue:))
        reason = try row.decode(String?.self, forColumn: "reason").flatMap(ReasonCode.init)
        digests = EvidenceDigests(
            candidate: try digest("candidateDigest"), fixture: try digest("fixtureDigest"),
            policy: try digest("policyDigest"), plan: try digest("planDigest"),
            toolchain: try digest("toolchainDigest"), verifier: try digest("verifierDigest"))
        cacheKey = try digest("cacheKey")
        body = try text("body")
    }

    /// One line of `orket.evidence/1`: the place in the chain, and the record byte for byte.
    package var line: String {
        let place = JSONValue.object([
            .init("schema", .string("orket.evidence/1")), .init("sequence", .integer(sequence)),
            .init("previousHash", .string(previousHash.text)), .init("hash", .string(hash.text)),
        ]).text
        return place.dropLast() + ",\"record\":" + body + "}"
    }
}

/// A stream or artefact of a record whose bytes are kept elsewhere, under their digest.
package struct BlobReference: Sendable, Hashable {
    package let kind: EvidenceStream.Kind
    package let digest: HexDigest
    package let bytes: Int64

    /// A reference to `bytes` bytes.
    package init(kind: EvidenceStream.Kind, digest: HexDigest, bytes: Int64) {
        self.kind = kind
        self.digest = digest
        self.bytes = bytes
    }
}
