package import OrketCore

/// Runs epics, rocks and issues. What it has written down it never forgets, and what is done is never done again: a run of what is
/// done finds nothing to do, and a run that was killed goes on from what is stored. Nothing is reset but by a person.
package struct Engine: Sendable {
    private let parts: EngineParts
    private let rules: RunRules

    /// An engine of its parts.
    package init(_ parts: EngineParts, rules: RunRules) {
        self.parts = parts
        self.rules = rules
    }

    /// Works until nothing more can be done, or the task is cancelled. Every defect of the dependencies is thrown before
    /// anything is written; a failure of the store in the middle is thrown after all work has ended, and the session is left
    /// open where it could not be closed.
    package func run(_ plan: RunPlan) async throws(EngineFailure) -> RunReport {
        // Always in one order, so that of two runs with several builds one gets all of them.
        var held: [any BuildLock] = []
        do throws(EngineFailure) {
            for build in Set(plan.parts.map(\.build)).sorted() { held += try await lock(build) }
            let report = try await runLocked(plan)
            for lock in held { await lock.release() }
            return report
        } catch {
            for lock in held { await lock.release() }
            throw error
        }
    }

    private func lock(_ build: BuildID) async throws(EngineFailure) -> [any BuildLock] {
        guard let locks = parts.locks else { return [] }
        let lock: (any BuildLock)?
        do throws(WorkStoreFailure) { lock = try await locks.acquire(build) } catch { throw .store(error) }
        guard let lock else { throw .busy(build) }
        return [lock]
    }

    private func runLocked(_ plan: RunPlan) async throws(EngineFailure) -> RunReport {
        let journal = Journal(parts: parts)
        let cycles = try await Preparation.check(plan, parts.store)
        try await journal.open(plan)
        if !cycles.isEmpty {
            let reasons = cycles.map(\.description)
            let results = plan.parts.flatMap(\.issues).map { IssueResult($0.id, .unreached, reasons: reasons) }
            return try await close(plan, .stalled(.cycle), results, journal)
        }
        var scheduler = Scheduler(try await Preparation(plan, parts.store), parts, rules, session: plan.session)
        if let failure = await scheduler.run() {
            // A store that refuses everything refuses this as well; the session then stays open, as after a crash.
            try? await journal.close(plan.session, .failed(Self.sentence(failure)))
            throw .store(failure)
        }
        let results = scheduler.results()
        let outcome = RunOutcome.conclude(results, wasCancelled: scheduler.wasCancelled)
        return try await close(plan, outcome, results, journal)
    }

    private func close(
        _ plan: RunPlan, _ outcome: RunOutcome, _ results: [IssueResult], _ journal: Journal
    ) async throws(EngineFailure) -> RunReport {
        try await journal.close(plan.session, outcome)
        return RunReport(session: plan.session, outcome: outcome, results: results)
    }

    private static func sentence(_ failure: WorkStoreFailure) -> String {
        switch failure {
        case .refused(let refusal): refusal.description
        case .noSuchCard(let id): "the card '\(id)' is gone"
        case .conflict(let sentence), .corrupted(let sentence), .unavailable(let sentence): sentence
        }
    }
}
