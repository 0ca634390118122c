internal import OrketCore

extension Scheduler {
    /// Finds out where each issue is, and takes up what an earlier run left: a candidate that is known is not made again, and
    /// evidence that is known is not taken again.
    mutating func recover() async throws(WorkStoreFailure) {
        for number in states.indices { try await recover(number) }
        for number in states.indices where states[number].phase == .waiting && states[number].openDependencies == 0 {
            try await makeReady(number)
        }
    }

    private mutating func recover(_ number: Int) async throws(WorkStoreFailure) {
        let state = states[number]
        switch state.stored.status {
        // What this session did before it was interrupted is its own.
        case .done: finish(number, state.attempts.last?.session == session ? .done : .alreadyDone)
        case .canceled, .archived: finish(number, .canceled)
        case .ready: try await closeInterrupted(number)
        case .blocked: recoverBlocked(number)
        case .waitingForDeveloper: wait(number, "it waits for somebody")
        case .inProgress:
            if state.open == nil {
                wait(number, "somebody else works on it")
            } else {
                try await closeInterrupted(number)
            }
        case .readyForTesting, .codeReview:
            if state.open?.candidate == nil {
                wait(number, "somebody else works on it")
            } else {
                states[number].phase = .delivered
                delivered.push(number)
                observe(number, .resumed(state.stored.status))
            }
        }
    }

    /// What waits for other cards or for our own side is tried again; what waits for somebody stays, and has failed in this
    /// session when its last attempt was one of it.
    private mutating func recoverBlocked(_ number: Int) {
        if let last = states[number].attempts.last, last.session == session, let result = last.result,
            states[number].issue.card.waitReason == .review
        {
            states[number].reasons = result.reasons
            return finish(number, .failed)
        }
        switch states[number].issue.card.waitReason {
        case .dependency, .system: states[number].phase = .waiting
        case .resource, .review, .input, nil:
            let reason = states[number].issue.card.waitReason.map { " for \($0.rawValue)" } ?? ""
            wait(number, "it is blocked and waits\(reason)")
        }
    }

    private mutating func wait(_ number: Int, _ reason: String) {
        states[number].reasons = [reason]
        finish(number, .waiting)
    }

    /// An attempt at which nobody works any more.
    private mutating func closeInterrupted(_ number: Int) async throws(WorkStoreFailure) {
        guard let open = states[number].open else { return }
        let sentence = "the process that worked on it ended"
        let result = AttemptResult(.interrupted, reasons: [sentence])
        let step =
            states[number].stored.status == .ready
            ? WorkStep(states[number].id, attempt: .close(number: open.number, result), at: parts.clock.now)
            : WorkStep(request(number, .event(.recover), sentence), attempt: .close(number: open.number, result))
        guard try await write(number, step, .recovered) == nil else { return }
        states[number].editOpenAttempt { $0.result = result }
        observe(number, .resumed(.ready))
    }

    /// Issues that wait for something that cannot be done any more say so, until it is done after all.
    mutating func blockUnreached() async throws(WorkStoreFailure) {
        for number in states.indices where states[number].phase == .waiting && states[number].stored.status == .ready {
            let names = openDependencies(of: number).prefix(5).map { "'\($0)'" }.joined(separator: ", ")
            let step = WorkStep(
                request(number, .event(.dependencyBlocked), "it depends on \(names), which is not done"))
            _ = try await write(number, step, .failed)
        }
    }

    /// Cards that an issue depends on and that are not done, as far as this run knows.
    func openDependencies(of number: Int) -> [CardID] {
        states[number].issue.dependsOn.filter { id in
            graph.number(of: id).map { states[$0].stored.status != .done } ?? true
        }
    }

    /// One for every issue, in the order of the plan.
    func results() -> [IssueResult] {
        states.indices.map { number in
            let state = states[number]
            let kind: IssueResult.Kind =
                switch state.phase {
                case .finished(let kind): kind
                case _ where isStopping: .skipped
                default: .unreached
                }
            let isReached = kind != .unreached
            return IssueResult(
                state.id, kind, attempts: state.attempts(in: session), reasons: state.reasons,
                waitsFor: isReached ? [] : openDependencies(of: number))
        }
    }
}
