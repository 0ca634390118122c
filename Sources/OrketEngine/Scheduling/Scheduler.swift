internal import OrketCore

/// Works on the issues of one run without ticks: whenever a stage of an issue ends, whatever can begin begins. One task owns all of
/// this; stages are its child tasks, and return what they found. Work and verification have lanes of their own.
struct Scheduler {
    let parts: EngineParts
    let rules: RunRules
    let session: SessionID
    let graph: DependencyGraph
    let journal: Journal
    let stages: Stages
    var states: [IssueState]
    /// Issues whose work could begin, and candidates that could be verified.
    var ready: ReadyQueue
    var delivered: ReadyQueue
    var working = 0
    var verifying = 0
    /// Nothing new is begun any more.
    var isStopping = false
    var wasCancelled = false

    init(_ preparation: Preparation, _ parts: EngineParts, _ rules: RunRules, session: SessionID) {
        self.parts = parts
        self.rules = rules
        self.session = session
        graph = preparation.graph
        states = preparation.states
        journal = Journal(parts: parts)
        stages = Stages(parts: parts, session: session)
        let ranks = DispatchOrder(graph, priorities: states.map { $0.issue.card.priority }).ranks
        ready = ReadyQueue(ranks: ranks)
        delivered = ReadyQueue(ranks: ranks)
    }

    /// Goes on until nothing runs and nothing can begin. Returns why it could not go on, if so: then children were ended first.
    mutating func run() async -> WorkStoreFailure? {
        var failure: WorkStoreFailure?
        await withTaskGroup(of: StageEnd.self) { group in
            do throws(WorkStoreFailure) {
                try await recover()
                while true {
                    noteCancellation()
                    try await dispatch(&group)
                    guard let end = await group.next() else { break }
                    noteCancellation()
                    try await handle(end, &group)
                }
                if !isStopping { try await blockUnreached() }
            } catch {
                failure = error
                group.cancelAll()
            }
        }
        return failure
    }

    private mutating func noteCancellation() {
        guard Task.isCancelled else { return }
        wasCancelled = true
        isStopping = true
    }

    /// Fills both lanes.
    private mutating func dispatch(_ group: inout TaskGroup<StageEnd>) async throws(WorkStoreFailure) {
        while !isStopping, verifying < rules.verificationWidth, let number = delivered.pop() { verify(number, &group) }
        while !isStopping, working < rules.width, let number = ready.pop() { try await begin(number, &group) }
    }

    private mutating func begin(_ number: Int, _ group: inout TaskGroup<StageEnd>) async throws(WorkStoreFailure) {
        let state = states[number]
        let attempt = IssueAttempt(
            issue: state.id, session: session, number: state.nextAttempt, startedAt: parts.clock.now)
        let step = WorkStep(request(number, .move(.inProgress)), attempt: .begin(attempt))
        guard try await write(number, step, .begun) == nil else { return }
        working += 1
        states[number].phase = .working
        states[number].attempts.append(attempt)
        observe(number, .begun)
        let (stages, begun) = (stages, state)
        group.addTask { await stages.work(number, begun, attempt: attempt.number) }
    }

    /// Takes a candidate up where it is: before its verification or after it.
    private mutating func verify(_ number: Int, _ group: inout TaskGroup<StageEnd>) {
        let (stages, state) = (stages, states[number])
        guard let attempt = state.open, let candidate = attempt.candidate else { return }
        verifying += 1
        if let evidence = attempt.evidence {
            states[number].phase = .concluding
            group.addTask { await stages.conclude(number, state, attempt, candidate, evidence) }
        } else {
            states[number].phase = .verifying
            group.addTask { await stages.verify(number, state, attempt, candidate) }
        }
    }

    /// Writes a step. Nil when it is written; the refusal when the card is not as it was, and then it is no longer this
    /// run's, unless `keeps` says that the refusal is expected.
    mutating func write(
        _ number: Int, _ step: WorkStep, _ point: JournalPoint, keeps: TransitionRefusal.Problem.Code? = nil
    ) async throws(WorkStoreFailure) -> TransitionRefusal? {
        do throws(WorkStoreFailure) {
            states[number].stored = try await journal.commit(step, point)
            return nil
        } catch .refused(let refusal) {
            if let keeps, refusal.problems.map(\.code) == [keeps] { return refusal }
            try await lose(number, refusal)
            return refusal
        }
    }

    /// Somebody else changed the card: what became of it counts, and it is left alone.
    private mutating func lose(_ number: Int, _ refusal: TransitionRefusal) async throws(WorkStoreFailure) {
        guard let stored = try await parts.store.issue(states[number].id) else {
            throw .noSuchCard(states[number].id)
        }
        states[number].stored = stored
        states[number].reasons = [refusal.description]
        observe(number, .lost(refusal.description))
        switch stored.status {
        case .done:
            finish(number, .alreadyDone)
            try await release(number)
        case .canceled, .archived: finish(number, .canceled)
        default: finish(number, .waiting)
        }
    }

    mutating func finish(_ number: Int, _ kind: IssueResult.Kind) { states[number].phase = .finished(kind) }

    /// Lets go what waited for a done issue, and for nothing else.
    mutating func release(_ number: Int) async throws(WorkStoreFailure) {
        for dependent in graph.dependents(of: number) {
            states[dependent].openDependencies -= 1
            if states[dependent].openDependencies == 0, states[dependent].phase == .waiting {
                try await makeReady(dependent)
            }
        }
    }

    /// Puts an issue into the queue for work; one that was blocked is unblocked first.
    mutating func makeReady(_ number: Int) async throws(WorkStoreFailure) {
        if states[number].stored.status == .blocked {
            if isStopping { return }
            let step = WorkStep(request(number, .event(.unblock), "what it waited for is there"))
            guard try await write(number, step, .recovered) == nil else { return }
        }
        states[number].phase = .ready
        ready.push(number)
    }

    func request(
        _ number: Int, _ change: TransitionRequest.Change, _ reason: String = "", evidence: VerifiedEvidence? = nil
    ) -> TransitionRequest {
        TransitionRequest(
            states[number].id, version: states[number].stored.version, change, by: .engine(session),
            roles: evidence == nil ? [] : [.integrityGuard], evidence: evidence, reason: reason, at: parts.clock.now)
    }

    func observe(_ number: Int, _ kind: RunEvent.Kind) {
        let attempt = states[number].attempts.last?.number ?? 0
        parts.observer?.observe(
            RunEvent(issue: states[number].id, attempt: attempt, kind: kind, at: parts.clock.now))
    }
}
