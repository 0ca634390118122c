package import OrketCore

/// Keeps work in memory by the rules of the port: for properties of scheduling alone. Whether anything outlives a process is
/// tested with the real store.
package actor MemoryWorkStore: WorkStore {
    private var builds: [BuildID: [CardID]] = [:]
    private var kept: [CardID: StoredIssue] = [:]
    private var tries: [CardID: [IssueAttempt]] = [:]
    private var runs: [SessionID: RunSession] = [:]
    private var completedBy: [HexDigest: CardID] = [:]
    /// Refuses the write with this number, from 1, and all after it; nil for none.
    private var failsFrom: Int?
    package private(set) var writes = 0
    /// Every transition in its order, as `card from>to`.
    package private(set) var history: [String] = []

    /// A store without anything in it.
    package init() {}

    /// Makes writes fail, from the one with this number on.
    package func fail(from write: Int?) { failsFrom = write }

    private func count() throws(WorkStoreFailure) {
        if let failsFrom, writes + 1 >= failsFrom { throw .unavailable("the disk is full: free some space") }
        writes += 1
    }

    package func adopt(_ issues: [Issue], into build: BuildID, at time: UTCTime) async throws(WorkStoreFailure) {
        try count()
        for issue in issues where kept[issue.id] == nil {
            let position = builds[build, default: []].count
            builds[build, default: []].append(issue.id)
            kept[issue.id] = StoredIssue(
                issue, build: build, position: position, createdAt: time, enteredStatusAt: time)
        }
    }

    package func issues(of build: BuildID) async throws(WorkStoreFailure) -> [StoredIssue] {
        builds[build, default: []].compactMap { kept[$0] }
    }

    package func issue(_ id: CardID) async throws(WorkStoreFailure) -> StoredIssue? { kept[id] }

    package func attempts(at issue: CardID) async throws(WorkStoreFailure) -> [IssueAttempt] { tries[issue] ?? [] }

    package func commit(_ step: WorkStep) async throws(WorkStoreFailure) -> StoredIssue {
        guard var stored = kept[step.issue] else { throw .noSuchCard(step.issue) }
        var transition: Transition?
        if let request = step.transition {
            do throws(TransitionRefusal) { transition = try StateMachine.decide(request, facts: facts(stored)) } catch {
                throw .refused(error)
            }
        }
        var attempts = tries[step.issue] ?? []
        if let change = step.attempt { try apply(change, &attempts, at: step.at) }
        try count()
        tries[step.issue] = attempts
        stored.attempts = attempts.count
        if let transition {
            history.append("\(step.issue) \(transition.from.rawValue)>\(transition.to.rawValue)")
            stored.version = transition.toVersion
            stored.issue.card.status = transition.to
            stored.issue.card.waitReason = transition.waitReason
            stored.enteredStatusAt = transition.at
            if transition.event == .reset { stored.countsFrom = attempts.count + 1 }
            if case .receipts(let receipts)? = transition.evidence?.basis {
                for receipt in receipts { completedBy[receipt] = step.issue }
            }
        }
        kept[step.issue] = stored
        return stored
    }

    private func facts(_ stored: StoredIssue) -> TransitionFacts {
        let use = BudgetUse((tries[stored.id] ?? []).filter { $0.number >= stored.countsFrom })
        return TransitionFacts(
            type: .issue, status: stored.status, version: stored.version, waitReason: stored.issue.card.waitReason,
            openDependencies: stored.issue.dependsOn.filter { kept[$0]?.status != .done },
            attemptsLeft: use.attemptsLeft(stored.issue.budget))
    }

    private func apply(
        _ change: WorkStep.Attempt, _ attempts: inout [IssueAttempt], at time: UTCTime
    ) throws(WorkStoreFailure) {
        if case .begin(let attempt) = change {
            guard attempt.number == attempts.count + 1, attempts.last.map({ $0.result != nil }) ?? true else {
                throw .conflict("attempt \(attempt.number) does not follow")
            }
            attempts.append(attempt)
            return
        }
        guard let last = attempts.indices.last, attempts[last].result == nil else { throw .conflict("no open attempt") }
        switch change {
        case .begin: break
        case .deliver(_, let candidate, let workMs):
            attempts[last].candidate = candidate
            attempts[last].workMs = workMs
        case .verify(_, let evidence, let verificationMs):
            attempts[last].evidence = evidence
            attempts[last].verificationMs = verificationMs
        case .close(_, let result):
            attempts[last].result = result
            attempts[last].endedAt = time
        }
    }

    package func completions(by receipts: [HexDigest]) async throws(WorkStoreFailure) -> [HexDigest: CardID] {
        completedBy.filter { receipts.contains($0.key) }
    }

    package func open(_ session: RunSession) async throws(WorkStoreFailure) {
        try count()
        if runs[session.id] != nil { throw .conflict("the session is there") }
        runs[session.id] = session
    }

    package func close(_ session: SessionID, _ outcome: RunOutcome, at time: UTCTime) async throws(WorkStoreFailure) {
        try count()
        guard let known = runs[session] else { throw .conflict("no such session") }
        if let before = known.outcome, before != outcome { throw .conflict("the session has ended otherwise") }
        runs[session]?.outcome = outcome
        runs[session]?.endedAt = time
    }

    package func session(_ id: SessionID) async throws(WorkStoreFailure) -> RunSession? { runs[id] }

    package func sessions(of build: BuildID, limit: Int) async throws(WorkStoreFailure) -> [RunSession] {
        Array(
            runs.values.filter { $0.builds.contains(build) }.sorted {
                $0.startedAt.milliseconds > $1.startedAt.milliseconds
            }
            .prefix(limit))
    }
}
