package import OrketAttest
package import OrketCore
package import OrketVerify
import Synchronization

/// Fixtures and a candidate in; verdicts out, each with its record and its receipt. What `orket verify` does between reading and
/// reporting, for whoever else decides on verdicts.
package struct CandidateVerification: Sendable {
    private let fixtures: [Fixture]
    private let options: Options

    package struct Options: Sendable {
        /// Verifications at a time.
        package var jobs: Int
        /// Only fixtures run that have a valid proof that they can fail.
        package var requiresProof: Bool
        /// Everything is compiled anew; else what was compiled before from the very same is taken.
        package var compilesAnew: Bool
        package var evidence: EvidenceChoice

        /// All said.
        package init(jobs: Int, requiresProof: Bool, compilesAnew: Bool = false, evidence: EvidenceChoice) {
            (self.jobs, self.requiresProof, self.evidence) = (jobs, requiresProof, evidence)
            self.compilesAnew = compilesAnew
        }
    }

    /// Whether verdicts are kept.
    package enum EvidenceChoice: Sendable {
        case none
        /// Records in the store, and receipts as files in this directory when one is named. `reused`: what was recorded about
        /// the very same content is taken instead of a run.
        case kept(receipts: String?, reused: Bool)
    }

    /// What became of it.
    package struct Ended: Sendable {
        /// 0, or why not everything was done: 130 interrupted, 3 our side failed. Verdicts are in the reports.
        package var status: Int32
        /// False when evidence could not be kept, so that nothing was looked for.
        package var hasStarted = true
        /// In the order of the fixtures; one for each, also where no sandbox could be had.
        package var reports: [FixtureReport]
        /// Of those that were run, in the order of the fixtures.
        package var kept: [KeptVerdict]
        /// Why a result of a compilation could not be kept for later; nil when all could. It changes no verdict.
        package var compileProblem: String?
        /// What could not be kept; nil when everything was.
        package var failure: EvidenceFailure?
    }

    /// `fixtures` about their own candidates.
    package init(_ fixtures: [Fixture], _ options: Options) { (self.fixtures, self.options) = (fixtures, options) }

    /// `fixtures` about `candidate`: each gets its part from the snapshot, so what is verified is what was hashed.
    package init(
        _ fixtures: [Fixture], judging candidate: ImportedCandidate, _ options: Options
    ) async throws(EvidenceFailure) {
        self.init(try await CandidateImport.judging(candidate, fixtures), options)
    }

    /// Verifies with a supervisor of its own, and keeps what was found out. Throws findings of policies; then nothing ran.
    package func run() async throws(InvalidInput) -> Ended {
        let (fixtures, options) = (fixtures, options)
        let startedAt = UTCTime.now
        let languages = Set(fixtures.flatMap(\.languages))
        var (recorder, isReusing) = (VerdictRecorder?.none, false)
        if case .kept(let receipts, let reused) = options.evidence {
            isReusing = reused
            do throws(EvidenceFailure) {
                recorder = try await VerdictRecorder(languages: languages, receipts: receipts)
            } catch {
                return Ended(
                    status: Outcome.inconclusive.exitCode, hasStarted: false, reports: [], kept: [], failure: error)
            }
        }
        let cache = await CompileLocation.open(languages, reuses: !options.compilesAnew)
        let (keeper, takesKnown, box) = (recorder, isReusing, Box())
        let status = try await SandboxSession.verify(languages) { parts in
            let verifier = parts.fixtureVerifier(cache, keeper: keeper?.keeper)
            do throws(EvidenceFailure) {
                var known = takesKnown ? try await keeper?.known(fixtures, verifier) ?? [:] : [:]
                if options.requiresProof {
                    // An earlier verdict may be one without a proof.
                    for fixture in fixtures
                    where verifier.proofState(of: fixture, version: Version.current) != .valid {
                        known[fixture.id] = nil
                    }
                }
                let recorded = known
                let results = await verifier.verify(
                    fixtures.filter { recorded[$0.id] == nil }, jobs: options.jobs,
                    provenBy: options.requiresProof ? Version.current : nil)
                await verifier.shutdown()
                await cache?.close()
                let found = Dictionary(uniqueKeysWithValues: results.map { ($0.fixture.id, $0.report) })
                box.change { $0.reports = fixtures.compactMap { recorded[$0.id] ?? found[$0.id] } }
                let kept = try await keeper?.record(results, policies: parts.policies, at: startedAt) ?? []
                box.change { $0.kept = kept }
                return .success(0)
            } catch {
                box.change { $0.failure = error }
                return .success(Outcome.inconclusive.exitCode)
            }
        }
        var ended = box.value
        (ended.status, ended.compileProblem) = (status, await cache?.problem)
        // Without a sandbox nothing is known, and the reports say so: one of an earlier run must not stand for this one.
        let outcome = status == Outcome.cancelled.exitCode ? Outcome.cancelled : .inconclusive
        if ended.reports.isEmpty { ended.reports = fixtures.map { $0.unverified(outcome) } }
        return ended
    }

    /// Carries what was found out of the supervisor's session.
    private final class Box: Sendable {
        private let stored = Mutex(Ended(status: 0, reports: [], kept: []))

        var value: Ended { stored.withLock { $0 } }

        func change(_ body: (inout Ended) -> Void) { stored.withLock { body(&$0) } }
    }
}

/// A verdict that was kept: the fixture's id, the name of its record, and its receipt.
package struct KeptVerdict: Sendable {
    package let fixture: String
    package let record: EvidenceID
    package let receipt: Receipt
}
