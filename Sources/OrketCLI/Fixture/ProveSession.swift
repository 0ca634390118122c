import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Synchronization

/// One run of `orket fixture prove PATH...`, from the files to the exit code.
struct ProveSession {
    private let fixtures: [Fixture]
    private let jobs: Int
    private let maximumMutants: Int?

    /// One fixture with what its controls did, and what became of its proof.
    struct Outcome: Sendable {
        var fixture: Fixture
        var proof: Proof
        /// Why the proof could not be written; nil when it was, or was not to be.
        var writeProblem: String?
    }

    /// Reads and checks all fixtures and the places of their proofs. Throws all findings; nothing has been started then.
    init(paths: [String], jobs: Int, maximumMutants: Int?) throws(InvalidInput) {
        fixtures = try FixtureReading.read(paths, source: .optional)
        self.jobs = jobs
        self.maximumMutants = maximumMutants
        let findings = fixtures.compactMap { fixture in
            let path = Proof.path(beside: fixture.file)
            return Files.replaceProblem(path).map { Finding(file: path, $0) }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
    }

    /// Proves, writes the proofs, and tells. Returns the exit code: 3 when a proof could not be written.
    func run(json: Bool) async throws(InvalidInput) -> Int32 {
        let (fixtures, jobs, maximum) = (fixtures, jobs, maximumMutants)
        let box = OutcomeBox()
        let status = try await SandboxSession.verify(Set(fixtures.flatMap(\.languages))) { parts in
            let verifier = parts.fixtureVerifier()
            let prover = Prover(verifier, version: Version.current)
            for fixture in fixtures where !Task.isCancelled {
                let proof = await prover.prove(fixture, jobs: jobs, maximumMutants: maximum, now: UTCTime.now)
                let outcome = Outcome(fixture: fixture, proof: proof, writeProblem: Self.settle(fixture, proof))
                box.add(outcome)
                if !json { Console.result(ProofText.text(outcome)) }
            }
            await verifier.shutdown()
            return .success(0)
        }
        let outcomes = box.outcomes
        if json && (status == 0 || !outcomes.isEmpty) { Console.result(ProofText.json(outcomes).text + "\n") }
        if status != 0 { return status }
        if outcomes.contains(where: { $0.writeProblem != nil }) { return OrketCore.Outcome.inconclusive.exitCode }
        let gravest = outcomes.map(\.proof.outcome).max { $0.severity < $1.severity }
        return (gravest ?? .failed).exitCode
    }

    /// Writes a proof that holds. One that was there goes when the fixture was shown to be worth nothing.
    private static func settle(_ fixture: Fixture, _ proof: Proof) -> String? {
        let path = Proof.path(beside: fixture.file)
        switch proof.outcome {
        case .passed:
            do throws(SystemError) {
                try Files.replace(path, Array((proof.json.text + "\n").utf8))
                return nil
            } catch {
                return error.description
            }
        case .failed where !(proof.mutants?.isReduced ?? false):
            let isGone = unlink(path) == 0 || errno == ENOENT
            return isGone ? nil : "\(path) holds no more, and cannot be removed: \(String(cString: strerror(errno)))"
        default: return nil
        }
    }

    /// Carries the outcomes out of the supervisor's session.
    private final class OutcomeBox: Sendable {
        private let stored = Mutex<[Outcome]>([])

        var outcomes: [Outcome] { stored.withLock { $0 } }

        func add(_ outcome: Outcome) { stored.withLock { $0.append(outcome) } }
    }
}
