import OrketAttest
import OrketCore
import OrketStore
import OrketSystem
import OrketVerify

/// Keeps what was found out: one evidence record a verification, each with its signed receipt.
struct VerdictRecorder: Sendable {
    private let store: EvidenceStore
    private let key: SigningKey
    private let surroundings: VerifierSurroundings
    /// Where receipts are written as files as well.
    private let directory: String?
    /// Puts streams and artefacts away while verifications end.
    let keeper: StreamKeeper

    /// Opens the store and the key, both made on first use, before anything runs: a verdict that could not be kept is not
    /// even looked for.
    init(languages: Set<Language>, receipts directory: String?) async throws(EvidenceFailure) {
        if let directory {
            do throws(SystemError) { try Files.makeDirectory(directory, mode: 0o755) } catch {
                throw EvidenceFailure("--receipts: \(error)", hint: "name a directory that can be made and written")
            }
        }
        let state: String
        do throws(InvalidInput) { state = try LastingState.directory() } catch { throw EvidenceFailure(error) }
        store = try await EvidenceLocation(state: state).openOrCreate()
        do throws(AttestError) { key = try KeyStore(directory: state + "/keys").currentOrNew() } catch {
            throw EvidenceFailure(error.message, hint: "see orket key --help")
        }
        let opened = await Blocking.run {
            Result { () throws(EvidenceFailure) in try ContentLocation(state: state).openOrCreate(isDurable: false) }
        }
        keeper = StreamKeeper(try opened.get())
        let found = await Blocking.run { Result { () throws(InvalidInput) in try VerifierSurroundings(languages) } }
        do throws(InvalidInput) { surroundings = try found.get() } catch { throw EvidenceFailure(error) }
        self.directory = directory
    }

    /// Stores the records of `results`, all or none, and then their receipts. Fixtures that were taken from the store, and
    /// such as have no digests, make no record.
    func record(
        _ results: [FixtureResult], policies: ToolchainPolicies, at time: UTCTime
    ) async throws(EvidenceFailure) -> [KeptVerdict] {
        var generator = SystemRandomNumberGenerator()
        var records: [(record: EvidenceRecord, blobs: [BlobReference])] = []
        var kept: [KeptVerdict] = []
        do {
            for result in results {
                let limits = policies.run(result.fixture.language, limits: result.fixture.limits).limits
                guard let finding = VerdictFinding(result, surroundings, limits: limits, at: time) else { continue }
                let id = EvidenceID(milliseconds: time.milliseconds, using: &generator)
                let record = finding.record(id)
                records.append((record, record.blobs))
                kept.append(
                    KeptVerdict(
                        fixture: result.fixture.id, record: id,
                        receipt: try Receipt(try finding.facts(), signedBy: key)))
            }
            try await store.append(records)
            for verdict in kept {
                for envelope in verdict.receipt.envelopes {
                    try await store.addReceipt(String(decoding: envelope.bytes, as: UTF8.self), to: verdict.record)
                }
                if let directory {
                    try Files.replace("\(directory)/\(verdict.fixture).intoto.jsonl", verdict.receipt.bytes)
                }
            }
        } catch let error as StoreError {
            throw EvidenceFailure(error)
        } catch {
            throw EvidenceFailure("\(error)", hint: "make room for it")
        }
        // The records stand, and say which bytes are not kept.
        if let problem = keeper.problem { throw EvidenceFailure(problem) }
        return kept
    }

    /// The reports of those among `fixtures` about whose very content there is a recorded verdict: same candidate, fixture,
    /// policy, toolchain and verifier. What was inconclusive, rejected or cancelled is never taken.
    func known(
        _ fixtures: [Fixture], _ verifier: FixtureVerifier
    ) async throws(EvidenceFailure) -> [String: FixtureReport] {
        var known: [String: FixtureReport] = [:]
        for fixture in fixtures {
            guard let content = HexDigest(fixture.content.digest),
                let policy = HexDigest(verifier.policyDigest(of: fixture)),
                let candidate = HexDigest(fixture.candidateDigest)
            else { continue }
            let key = VerdictFinding.cacheKey(
                candidate: candidate, fixture: content, policy: policy,
                toolchain: surroundings.toolchain(fixture.language), verifier: surroundings.verifier)
            do throws(StoreError) {
                guard let stored = try await store.newest(cacheKey: key),
                    stored.outcome == .passed || stored.outcome == .failed
                else { continue }
                known[fixture.id] = RecordedReport.make(stored, of: fixture)
            } catch {
                throw EvidenceFailure(error)
            }
        }
        return known
    }
}

extension EvidenceRecord {
    /// Every blob that the record names, once.
    fileprivate var blobs: [BlobReference] {
        var seen: Set<HexDigest> = []
        return (streams + cases.flatMap(\.streams)).compactMap { stream in
            guard let kept = stream.kept, seen.insert(kept.digest).inserted else { return nil }
            return BlobReference(kind: stream.kind, digest: kept.digest, bytes: Int64(clamping: kept.bytes))
        }
    }
}
