import OrketAttest
import OrketCore
import OrketSandbox
import OrketStore
import OrketSystem
import OrketVerify

/// One question to the gate, from the files of the board to the answer.
struct GateSession {
    let board: GateBoard
    let issue: Issue
    let fixtures: [Fixture]
    let candidate: ImportedCandidate
    /// Digest of all of it.
    private let content: HexDigest
    private let identity: FixtureIdentity
    private let key: SigningKey
    private let trusted: [PublicKey]

    /// Reads everything that can be wrong, and throws all of it; nothing has been started then.
    init(
        board: GateBoard, issue: Issue, candidate path: String, keys: [String]
    ) async throws {
        self.board = board
        self.issue = issue
        fixtures = try board.fixtures(of: issue)
        let languages = Set(fixtures.flatMap(\.languages))
        identity = try FixtureIdentity.located(languages)
        let given = try ReceiptInput.keys(keys)
        let own = KeyStore(directory: try LastingState.directory() + "/keys")
        do throws(AttestError) {
            key = try own.currentOrNew()
            trusted = try own.publicKeys() + given
        } catch { throw EvidenceFailure(error.message, hint: "see orket key --help") }
        candidate = try await CandidateImport.run(path)
        guard let digest = HexDigest(candidate.snapshot.digest) else {
            throw EvidenceFailure("the candidate has no digest", hint: "import it again")
        }
        content = digest
    }

    /// Verifies the candidate by all fixtures, and keeps the evidence. Returns the verdicts that were kept.
    func verify(jobs: Int) async throws -> CandidateVerification.Ended {
        let options = CandidateVerification.Options(
            jobs: jobs, requiresProof: board.policy.requiresProof, evidence: .kept(receipts: nil, reused: false))
        return try await CandidateVerification(fixtures, judging: candidate, options).run()
    }

    /// The decision on what is recorded here and on `files`. `fresh` are records of this very moment; all others count as taken
    /// from earlier runs when `countsAsCached` says so.
    func decide(
        files: [String], waiver: Waiver?, fresh: Set<EvidenceID>, countsAsCached: Bool,
        used: ([HexDigest]) async throws -> [HexDigest: CardID]
    ) async throws -> GateDecision {
        let now = UTCTime.now
        let proven = fixtures.filter { identity.proofState(of: $0, version: Version.current) == .valid }
        var evidence = GateEvidence(trusting: trusted, proven: Set(proven.compactMap { HexDigest($0.content.digest) }))
        if let store = try await EvidenceLocation().openExisting() {
            try await evidence.add(
                from: store, candidate: content, fixtures: fixtures.map(\.id),
                isCached: countsAsCached, except: fresh)
        }
        for file in files { try evidence.add(file: file) }
        let required = try fixtures.map { fixture -> GateQuestion.Fixture in
            guard let digest = HexDigest(fixture.content.digest),
                let policy = HexDigest(identity.policyDigest(of: fixture))
            else { throw EvidenceFailure("\(fixture.id): a digest is missing", hint: "report this") }
            return .init(name: fixture.id, digest: digest, policy: policy)
        }
        let question = GateQuestion(
            issue: issue.id, candidate: content, fixtures: required, policy: board.policy,
            policyDigest: board.policyDigest, receipts: evidence.receipts, badReceipts: evidence.bad,
            used: try await used(evidence.receipts.map(\.receipt)), waiver: waiver, now: now)
        return try GateDecision(
            question, candidateName: candidate.name, policyName: "gate",
            verifier: VerifierIdentity(version: Version.current))
    }

    /// A waiver's document that a trusted key has signed.
    func waiver(_ path: String) throws -> Waiver {
        do {
            return try WaiverDocument.waiver(try HostFile.contents(path, maximumBytes: 64 << 10), trusting: trusted)
        } catch let error as AttestError {
            throw InvalidInput([Finding(file: path, "\(error.message); sign one with orket gate waive")])
        }
    }

    /// Signs the decision and writes it beside the board's records, where it stays.
    func keep(_ decision: GateDecision, in directory: String) throws -> (path: String, receipt: Receipt) {
        let receipt = try Receipt(decision, signedBy: key)
        try Files.makeDirectory(directory, mode: 0o755)
        let path = "\(directory)/\(issue.id)-\(receipt.digest.text.prefix(16)).intoto.jsonl"
        try Files.replace(path, receipt.bytes)
        return (path, receipt)
    }
}

extension FixtureIdentity {
    /// With the policies and drivers of this installation.
    static func located(_ languages: Set<Language>) throws(InvalidInput) -> FixtureIdentity {
        let store = try PolicyStore.locate()
        return FixtureIdentity(
            policies: try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) },
            drivers: try Drivers(languages, directory: store.directory + "/drivers"))
    }
}
