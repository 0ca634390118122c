internal import OrketCore

/// All that a run writes. A write that was begun is finished, also when the run is cancelled meanwhile: what a cancelled task asks
/// of a database may be refused, and then nobody would know what became of it.
struct Journal: Sendable {
    let parts: EngineParts

    /// Writes one step.
    func commit(_ step: WorkStep, _ point: JournalPoint) async throws(WorkStoreFailure) -> StoredIssue {
        let store = parts.store
        return try await write(point, step.issue.text) { () async throws(WorkStoreFailure) in
            try await store.commit(step)
        }
    }

    /// Stores the session and the issues that are not there yet. An interrupted session is taken up again.
    func open(_ plan: RunPlan) async throws(EngineFailure) {
        let (store, time) = (parts.store, parts.clock.now)
        let known = try await asking { () async throws(WorkStoreFailure) in try await store.session(plan.session) }
        if let known {
            if let outcome = known.outcome { throw .sessionEnded(outcome) }
            if known.target != plan.target { throw .foreignSession(known.target) }
        }
        let session = RunSession(
            id: plan.session, target: plan.target, targetType: plan.targetType, builds: plan.parts.map(\.build),
            startedAt: time, configuration: plan.configuration)
        try await asking { () async throws(WorkStoreFailure) in
            try await write(.opened, plan.session.text) { () async throws(WorkStoreFailure) in
                for part in plan.parts { try await store.adopt(part.issues, into: part.build, at: time) }
                if known == nil { try await store.open(session) }
            }
        }
    }

    /// Stores how the session ended.
    func close(_ session: SessionID, _ outcome: RunOutcome) async throws(EngineFailure) {
        let (store, time) = (parts.store, parts.clock.now)
        try await asking { () async throws(WorkStoreFailure) in
            try await write(.closed, session.text) { () async throws(WorkStoreFailure) in
                try await store.close(session, outcome, at: time)
            }
        }
    }

    private func write<Value: Sendable>(
        _ point: JournalPoint, _ subject: String,
        _ body: @escaping @Sendable () async throws(WorkStoreFailure) -> Value
    ) async throws(WorkStoreFailure) -> Value {
        parts.witness?.reached(point, written: false, subject: subject)
        let result = await Task { () async -> Result<Value, WorkStoreFailure> in
            do throws(WorkStoreFailure) { return .success(try await body()) } catch { return .failure(error) }
        }.value
        parts.witness?.reached(point, written: true, subject: subject)
        return try result.get()
    }

    private func asking<Value: Sendable>(
        _ body: () async throws(WorkStoreFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        do throws(WorkStoreFailure) { return try await body() } catch { throw .store(error) }
    }
}
