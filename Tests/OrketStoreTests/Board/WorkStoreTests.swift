import OrketCore
import OrketStoreSamples
import Testing

@testable import OrketStore

@Suite("What a run needs is kept: attempts, sessions, steps")
struct WorkStoreTests {
    private let place = StorePlace()
    private let id = BoardSample.id("schema")

    private func store() async throws -> BoardStore {
        let store = try await place.board()
        try await store.define(BoardSample.definitions(), stamp: "1", by: BoardSample.person, at: BoardSample.now)
        try await store.open(BoardSample.session())
        return store
    }

    private func begin(_ number: Int) -> WorkStep {
        let attempt = IssueAttempt(
            issue: id, session: BoardSample.session, number: number, startedAt: BoardSample.now)
        return WorkStep(id, attempt: .begin(attempt), at: BoardSample.now)
    }

    private func move(_ store: BoardStore, _ change: TransitionRequest.Change) async throws -> TransitionRequest {
        BoardSample.request(
            try #require(try await store.card(id)), change, by: .engine(BoardSample.session))
    }

    @Test("an attempt fills up step by step, once, and closes with the transition that follows from it")
    func attempts() async throws {
        let store = try await store()
        var request = try await move(store, .move(.inProgress))
        let attempt = IssueAttempt(issue: id, session: BoardSample.session, number: 1, startedAt: BoardSample.now)
        let begun = try await store.commit(WorkStep(request, attempt: .begin(attempt)))
        #expect(begun.status == .inProgress && begun.attempts == 1 && begun.issue.retryCount == 0)
        let delivered = WorkStep(
            id, attempt: .deliver(number: 1, candidate: .sample(1), workMs: 5), at: BoardSample.now)
        for _ in 0..<2 { _ = try await store.commit(delivered) }
        let evidence = [EvidenceID("019aba1f-0000-7000-8000-000000000000")!]
        _ = try await store.commit(
            WorkStep(id, attempt: .verify(number: 1, evidence: evidence, verificationMs: 7), at: BoardSample.now))
        request = try await move(store, .event(.requeue))
        let result = AttemptResult(.refused, reasons: ["wrong"], fingerprint: FailureFingerprint(.sample(7)))
        let closed = try await store.commit(WorkStep(request, attempt: .close(number: 1, result)))
        #expect(closed.status == .ready && closed.issue.retryCount == 1)
        let stored = try #require(try await store.attempts(at: id).first)
        #expect(stored.result == result && stored.evidence == evidence && stored.candidate == .sample(1))
        #expect(stored.workMs == 5 && stored.verificationMs == 7 && stored.endedAt == BoardSample.now)
    }

    @Test("what contradicts an attempt is refused, and then nothing of the step is written")
    func conflicts() async throws {
        let store = try await store()
        _ = try await store.commit(begin(1))
        func refused(_ step: WorkStep, _ text: String) async throws {
            let error = await #expect(throws: WorkStoreFailure.self) { try await store.commit(step) }
            guard case .conflict(let sentence) = error else { throw error! }
            #expect(sentence.contains(text), "\(sentence)")
        }
        try await refused(begin(2), "is open")
        try await refused(
            WorkStep(try await move(store, .move(.inProgress)), attempt: .close(number: 7, AttemptResult(.verified))),
            "no attempt 7")
        #expect(try await store.card(id)?.status == .ready)
        let close = WorkStep(id, attempt: .close(number: 1, AttemptResult(.cancelled)), at: BoardSample.now)
        _ = try await store.commit(close)
        try await refused(close, "was closed before")
        try await refused(begin(3), "is 2, not 3")
        _ = try await store.commit(begin(2))
        let other = WorkStep(id, attempt: .deliver(number: 2, candidate: .sample(1), workMs: 0), at: BoardSample.now)
        _ = try await store.commit(other)
        try await refused(
            WorkStep(id, attempt: .deliver(number: 2, candidate: .sample(2), workMs: 0), at: BoardSample.now),
            "other content")
    }

    @Test("attempts are bounded by the budget, across sessions, until a person resets the issue")
    func budget() async throws {
        let store = try await store()
        for number in 1...4 {
            let attempt = IssueAttempt(
                issue: id, session: BoardSample.session, number: number, startedAt: BoardSample.now)
            _ = try await store.commit(WorkStep(try await move(store, .move(.inProgress)), attempt: .begin(attempt)))
            let close = WorkStep.Attempt.close(number: number, AttemptResult(.workFailed, reasons: ["x"]))
            if number < 4 {
                _ = try await store.commit(WorkStep(try await move(store, .event(.requeue)), attempt: close))
            } else {
                let requeue = WorkStep(try await move(store, .event(.requeue)), attempt: close)
                await #expect(throws: WorkStoreFailure.self) { try await store.commit(requeue) }
                _ = try await store.commit(WorkStep(try await move(store, .event(.exhaust)), attempt: close))
            }
        }
        #expect(try await store.card(id)?.waitReason == .review)
        let card = try #require(try await store.card(id))
        try await store.change(BoardSample.request(card, .event(.reset)))
        _ = try await store.commit(WorkStep(try await move(store, .move(.inProgress)), attempt: begin(5).attempt))
        let close = WorkStep.Attempt.close(number: 5, AttemptResult(.workFailed, reasons: ["x"]))
        let requeued = try await store.commit(WorkStep(try await move(store, .event(.requeue)), attempt: close))
        #expect(requeued.status == .ready && requeued.attempts == 5)
    }

    @Test("session outcomes were wrong: a session ends once, and only then another of the same card begins")
    func sessions() async throws {
        let store = try await store()
        await #expect(throws: WorkStoreFailure.self) { try await store.open(BoardSample.session("s2")) }
        #expect(try await store.session(BoardSample.session)?.outcome == nil)
        for _ in 0..<2 { try await store.close(BoardSample.session, .failed("no disk"), at: BoardSample.now) }
        await #expect(throws: WorkStoreFailure.self) {
            try await store.close(BoardSample.session, .completed, at: BoardSample.now)
        }
        try await store.open(BoardSample.session("s2"))
        let all = try await store.sessions(of: BoardSample.build, limit: 9)
        #expect(all.map(\.id.text) == ["s2", "s1"] && all[1].outcome == .failed("no disk"))
        #expect(all[0] == BoardSample.session("s2"))
        #expect(try await store.sessions(limit: 1).map(\.id.text) == ["s2"])
    }

    @Test("adopting keeps what is there, and adds what is not; another build is refused")
    func adopt() async throws {
        let store = try await store()
        let issues = [BoardSample.issue("schema"), BoardSample.issue("more", after: ["schema"])]
        for _ in 0..<2 { try await store.adopt(issues, into: BoardSample.build, at: BoardSample.now) }
        let stored = try await store.issues(of: BoardSample.build)
        #expect(stored.map(\.id.text) == ["schema", "api", "app", "more"] && stored.map(\.position) == [0, 1, 2, 3])
        #expect(stored[3].issue.dependsOn == [id] && stored[3].version == 1)
        #expect(try await store.issue(BoardSample.id("more")) == stored[3])
        await #expect(throws: WorkStoreFailure.self) {
            try await store.adopt(issues, into: BuildID("build-other")!, at: BoardSample.now)
        }
    }

    @Test("the transcript of a session was one row, replaced each turn: turns are appended, and steps are written once")
    func records() async throws {
        let store = try await store()
        func snapshot(_ turn: Int) -> TurnSnapshot {
            TurnSnapshot(
                session: BoardSample.session, turn: turn, at: BoardSample.now,
                body: .object([JSONValue.Member("turn", .integer(Int64(turn)))]))
        }
        for turn in [1, 2, 5] { try await store.add(snapshot(turn)) }
        await #expect(throws: StoreError.self) { try await store.add(snapshot(5)) }
        #expect(try await store.snapshots(of: BoardSample.session, after: 1, limit: 9) == [snapshot(2), snapshot(5)])
        let step = JournalStep(session: BoardSample.session, key: "schema/1/begun", at: BoardSample.now)
        #expect(try await store.record(step))
        #expect(try await !store.record(step))
        #expect(try await store.steps(of: BoardSample.session, limit: 9).map(\.key) == ["schema/1/begun"])
    }
}
