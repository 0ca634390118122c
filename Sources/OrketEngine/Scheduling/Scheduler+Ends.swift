internal import OrketCore

extension Scheduler {
    /// What follows from the end of a stage.
    mutating func handle(_ end: StageEnd, _ group: inout TaskGroup<StageEnd>) async throws(WorkStoreFailure) {
        switch end {
        case .worked(let number, let result, let milliseconds):
            working -= 1
            try await worked(number, result, milliseconds, &group)
        case .verified(let number, let result, let milliseconds):
            verifying -= 1
            try await verified(number, result, milliseconds, &group)
        case .concluded(let number, let conclusion):
            verifying -= 1
            try await concluded(number, conclusion, &group)
        case .waited(let number):
            if isStopping { return finish(number, .skipped) }
            states[number].phase = .ready
            ready.push(number)
        }
    }

    private mutating func worked(
        _ number: Int, _ result: Result<Delivery, WorkFailure>?, _ milliseconds: Int64,
        _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        switch result {
        case .success(let delivery): try await deliver(number, delivery, milliseconds)
        case .failure(.noCandidate(let sentence)):
            let failure = Failure(.workFailed, [sentence], shape: [("work", sentence)])
            try await fail(number, failure, &group)
        case .failure(.unavailable(let sentence)): try await fail(number, Failure(.inconclusive, [sentence]), &group)
        case .failure(.cancelled) where isStopping: try await putBack(number)
        case .failure(.cancelled):
            try await fail(number, Failure(.inconclusive, ["the worker was stopped, and not by the run"]), &group)
        case nil:
            let sentence = "the work took longer than its budget allows"
            try await fail(number, Failure(.outOfTime, [sentence], shape: [("time", sentence)]), &group)
        }
    }

    private mutating func deliver(
        _ number: Int, _ delivery: Delivery, _ milliseconds: Int64
    ) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let step = WorkStep(
            request(number, .move(.readyForTesting)),
            attempt: .deliver(number: open.number, candidate: delivery.candidate, workMs: milliseconds))
        guard try await write(number, step, .delivered) == nil else { return }
        states[number].editOpenAttempt {
            $0.candidate = delivery.candidate
            $0.workMs = milliseconds
        }
        observe(number, .delivered(delivery.candidate))
        states[number].phase = .delivered
        delivered.push(number)
    }

    private mutating func verified(
        _ number: Int, _ result: Result<[EvidenceID], VerificationFailure>?, _ milliseconds: Int64,
        _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        switch result {
        case .success(let evidence): try await record(number, evidence, milliseconds, &group)
        case .failure(.unavailable(let sentence)): try await fail(number, Failure(.inconclusive, [sentence]), &group)
        // The candidate is kept: a run that is resumed verifies it without any work.
        case .failure(.cancelled) where isStopping: leave(number)
        case .failure(.cancelled):
            try await fail(number, Failure(.inconclusive, ["the verification was stopped, and not by the run"]), &group)
        case nil:
            let sentence = "the verification took longer than its budget allows"
            try await fail(number, Failure(.outOfTime, [sentence], shape: [("time", sentence)]), &group)
        }
    }

    private mutating func record(
        _ number: Int, _ evidence: [EvidenceID], _ milliseconds: Int64, _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        guard let open = states[number].open, let candidate = open.candidate else { return }
        let step = WorkStep(
            request(number, .move(.codeReview)),
            attempt: .verify(number: open.number, evidence: evidence, verificationMs: milliseconds))
        guard try await write(number, step, .verified) == nil else { return }
        states[number].editOpenAttempt {
            $0.evidence = evidence
            $0.verificationMs = milliseconds
        }
        observe(number, .verified(evidence))
        states[number].phase = .concluding
        verifying += 1
        let (stages, state) = (stages, states[number])
        group.addTask { await stages.conclude(number, state, open, candidate, evidence) }
    }

    private mutating func concluded(
        _ number: Int, _ conclusion: Conclusion, _ group: inout TaskGroup<StageEnd>
    ) async throws(WorkStoreFailure) {
        switch conclusion {
        case .accepted(let token): try await complete(number, token)
        case .refused(let reasons): try await fail(number, Failure(reasons), &group)
        case .rejected(let reasons):
            try await fail(number, Failure(.rejected, reasons, shape: reasons.map { ("review", $0) }), &group)
        case .conflict(let reasons):
            try await fail(number, Failure(.conflict, reasons, shape: reasons.map { ("conflict", $0) }), &group)
        case .unavailable(let sentence): try await fail(number, Failure(.inconclusive, [sentence]), &group)
        case .cancelled where isStopping: leave(number)
        case .cancelled:
            try await fail(number, Failure(.inconclusive, ["the gate was stopped, and not by the run"]), &group)
        }
    }

    private mutating func complete(_ number: Int, _ token: VerifiedEvidence) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let result = AttemptResult(.verified)
        let step = WorkStep(
            request(number, .move(.done), evidence: token), attempt: .close(number: open.number, result))
        guard try await write(number, step, .completed) == nil else { return }
        states[number].editOpenAttempt { $0.result = result }
        finish(number, .done)
        observe(number, .done)
        try await release(number)
    }
}

extension IssueState {
    /// Changes the attempt that is open, as it was just written.
    mutating func editOpenAttempt(_ change: (inout IssueAttempt) -> Void) {
        guard open != nil else { return }
        change(&attempts[attempts.count - 1])
    }
}
