import OrketAttest
import OrketCore
import OrketStore
import OrketSystem

/// Receipts for the gate: those that were recorded here, and those in files that somebody brings. Only what a trusted key has
/// signed becomes evidence; the rest is told as bad.
struct GateEvidence {
    private(set) var receipts: [CheckedReceipt] = []
    private(set) var bad: [BadReceipt] = []
    private let verifier: ReceiptVerifier
    /// Digests of fixtures, as they are now, that have a valid proof.
    private let proven: Set<HexDigest>

    /// Most records that are looked at about one candidate or one fixture.
    private static let maximumRecords = 500

    init(trusting keys: [PublicKey], proven: Set<HexDigest>) {
        verifier = ReceiptVerifier(trusting: keys)
        self.proven = proven
    }

    /// What `store` has about the candidate, or about the fixtures with these ids.
    mutating func add(
        from store: EvidenceStore, candidate: HexDigest, fixtures: [String], isCached: Bool,
        except fresh: Set<EvidenceID> = []
    ) async throws(StoreError) {
        var records = try await store.list(EvidenceFilter(candidate: candidate), limit: Self.maximumRecords)
        for fixture in fixtures {
            records += try await store.list(EvidenceFilter(fixture: fixture), limit: Self.maximumRecords)
        }
        var seen: Set<EvidenceID> = []
        for record in records where seen.insert(record.id).inserted {
            let bytes = Array(try await store.receipts(of: record.id).map { $0 + "\n" }.joined().utf8)
            // Its process ended between record and receipt: there is no claim, so there is nothing to refuse.
            if bytes.isEmpty { continue }
            let claim = take(
                bytes, "of record \(record.id)", record.id, isCached: isCached && !fresh.contains(record.id))
            // The receipt is signed and the record is not: where they differ, the record was changed.
            if let claim, claim.candidate.digest != record.digests.candidate || claim.outcome != record.outcome {
                bad.append(BadReceipt(name: "of record \(record.id)", detail: "it says something else than its record"))
            }
        }
    }

    /// A receipt file from elsewhere.
    mutating func add(file path: String) throws(InvalidInput) {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(path, limit: ReceiptVerifier.maximumBytes + 1) } catch {
            throw InvalidInput([Finding(file: path, error.description)])
        }
        // Its record is in another store; its name here is made of the receipt, so that it is the same each time.
        var generator = DigestGenerator(HexDigest(sha256: bytes))
        _ = take(bytes, path, EvidenceID(milliseconds: 0, using: &generator), isCached: false)
    }

    private mutating func take(
        _ bytes: [UInt8], _ name: String, _ record: EvidenceID, isCached: Bool
    ) -> ReceiptClaim? {
        let result = verifier.verify(bytes)
        guard result.problems.isEmpty, let claim = result.claim else {
            bad.append(BadReceipt(name: name, detail: result.problems.map { "\($0)" }.joined(separator: "; ")))
            return nil
        }
        guard let fixture = claim.fixture, let time = claim.startedAt,
            let checked = claim.checked(
                record: record, recordedAt: time, isProven: proven.contains(fixture), isCached: isCached)
        else {
            bad.append(BadReceipt(name: name, detail: "it is of a decision, and decisions are no evidence"))
            return nil
        }
        if !receipts.contains(where: { $0.receipt == checked.receipt }) { receipts.append(checked) }
        return claim
    }

    /// The bits of a digest, and then again.
    private struct DigestGenerator: RandomNumberGenerator {
        private let words: [UInt64]
        private var position = 0

        init(_ digest: HexDigest) {
            let digits = Array(digest.text)
            words = stride(from: 0, to: digits.count, by: 16).map { start in
                UInt64(String(digits[start..<start + 16]), radix: 16) ?? 0
            }
        }

        mutating func next() -> UInt64 {
            defer { position = (position + 1) % words.count }
            return words[position]
        }
    }
}
