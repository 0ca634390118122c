internal import OrketCore

extension Scheduler {
    /// Closes the attempt, and puts the issue back with the reasons, or blocks it when nobody should try again by himself.
    mutating func fail(
        _ number: Int, _ failure: Failure, _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let fingerprint = failure.shape?.fingerprint(sha256: parts.sha256)
        let result = AttemptResult(failure.kind, reasons: failure.reasons, fingerprint: fingerprint)
        var after = states[number]
        after.editOpenAttempt {
            $0.result = result
            $0.endedAt = parts.clock.now
        }
        states[number].reasons = failure.reasons
        if let why = end(after, failure) { return try await block(number, failure, result, why, after, &group) }
        let step = WorkStep(
            request(number, .event(.requeue), failure.sentence("attempt \(open.number) failed")),
            attempt: .close(number: open.number, result))
        if let refusal = try await write(number, step, .failed, keeps: .attemptsExhausted) {
            if states[number].isFinished { return }
            return try await block(number, failure, result, refusal.problems[0].detail, after, &group)
        }
        states[number].attempts = after.attempts
        requeue(number, failure, &group)
    }

    /// Why there is no further attempt; nil when there is one.
    private func end(_ state: IssueState, _ failure: Failure) -> String? {
        if failure.isFinal { return "no other candidate could change this" }
        if rules.retry.isStuck(state.attempts.map { $0.result?.fingerprint }) {
            return "it failed alike \(rules.retry.identicalFailures) times"
        }
        let bounds = state.use.exhausted(state.issue.budget)
        if bounds.isEmpty { return nil }
        let words = bounds.map { bound in
            switch bound {
            case .attempts: "attempts"
            case .wallTime: "time"
            case .verificationTime: "time for verification"
            }
        }
        return "its budget of \(words.joined(separator: " and ")) is used up"
    }

    private mutating func block(
        _ number: Int, _ failure: Failure, _ result: AttemptResult, _ why: String, _ after: IssueState,
        _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let event: SystemEvent = failure.kind == .inconclusive ? .infrastructureBlocked : .exhaust
        let step = WorkStep(
            request(number, .event(event), failure.sentence(why)), attempt: .close(number: open.number, result))
        guard try await write(number, step, .failed) == nil else { return }
        states[number].attempts = after.attempts
        states[number].reasons = [why] + failure.reasons
        finish(number, .failed)
        observe(number, .blocked(failure.kind, reasons: states[number].reasons))
        switch rules.onFailure {
        case .proceed: break
        case .stopNew: isStopping = true
        case .abort:
            isStopping = true
            group.cancelAll()
        }
    }

    private mutating func requeue(_ number: Int, _ failure: Failure, _ group: inout TaskGroup<StageEnd>) {
        let failures = states[number].attempts.count { $0.result?.kind.counts ?? false }
        let delay = rules.retry.delayMs(afterFailures: failures, chance: parts.randomness.unit())
        observe(number, .requeued(failure.kind, reasons: failure.reasons, delayMs: isStopping ? 0 : delay))
        if isStopping { return finish(number, .skipped) }
        if delay == 0 {
            states[number].phase = .ready
            ready.push(number)
            return
        }
        states[number].phase = .delayed
        let stages = stages
        group.addTask { await stages.wait(number, milliseconds: delay) }
    }

    /// The run stops while an issue is worked on: it is ready again, and the attempt uses up nothing.
    mutating func putBack(_ number: Int) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let result = AttemptResult(.cancelled, reasons: ["the run was stopped"])
        let step = WorkStep(
            request(number, .event(.recover), "the run was stopped"), attempt: .close(number: open.number, result))
        guard try await write(number, step, .recovered) == nil else { return }
        states[number].editOpenAttempt { $0.result = result }
        states[number].reasons = ["the run was stopped while it was worked on"]
        finish(number, .skipped)
        observe(number, .putBack)
    }

    /// The run stops while a candidate is verified: it is kept where it is.
    mutating func leave(_ number: Int) {
        states[number].reasons = ["the run was stopped while its candidate was verified; resuming goes on from there"]
        finish(number, .skipped)
    }
}
