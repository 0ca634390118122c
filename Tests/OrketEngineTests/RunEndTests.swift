import OrketCore
import OrketEngine
import OrketEngineKit
import Synchronization
import Testing

@Suite("How runs end")
struct RunEndTests {
    @Test("a cycle stalls the run and is named; no issue is begun, and the session does not say done")
    func cycle() async throws {
        let bench = EngineBench()
        let report = try await bench.engine().run(bench.plan(EngineBench.issues("a<b b<a c")))
        #expect(report.outcome == .stalled(.cycle))
        #expect(report.results[0].reasons[0].contains("'a' -> 'b' -> 'a'"))
        #expect(bench.worked == [])
        #expect(try await bench.store.session(SessionID("s1")!)?.outcome == .stalled(.cycle))
    }

    @Test("missing and repeated dependencies are told at once before anything is written")
    func badDependencies() async throws {
        let bench = EngineBench()
        let plan = bench.plan(EngineBench.issues("a<x,y b<b c<a,a"))
        await #expect(
            throws: EngineFailure.badDependencies([
                .missingDependency(CardID("a")!, on: CardID("x")!), .missingDependency(CardID("a")!, on: CardID("y")!),
                .selfDependency(CardID("b")!), .duplicateDependency(CardID("c")!, on: CardID("a")!),
            ])
        ) { try await bench.engine().run(plan) }
        #expect(await bench.store.writes == 0)
    }

    @Test("after the first failure nothing new is begun where the rules say so, and what runs is finished")
    func stopNew() async throws {
        let bench = EngineBench()
        let hasFailed = Signal()
        var script = EngineBench.Script()
        script.work = { assignment throws(WorkFailure) in
            if assignment.issue.id.text == "a" { throw .noCandidate("nothing came") }
            do { try await hasFailed.wait() } catch { throw .cancelled }
            return Fakes.digest("b")
        }
        let engine = bench.engine(script, EngineBench.rules(.stopNew))
        async let running = engine.run(bench.plan(EngineBench.issues("a b c", maxRetries: 0)))
        while !bench.observed.contains(where: { $0.issue.text == "a" && $0.kind.isBlocked }) { await Task.yield() }
        hasFailed.fire()
        let report = try await running
        #expect(report.outcome == .completedWithFailures)
        // b was delivered after the run had decided to begin nothing new: its candidate is kept for the next one.
        #expect(report.summary == "a failed, b skipped, c skipped")
        #expect(try await bench.board() == "a blocked, b ready_for_testing, c ready")
        let next = try await bench.engine().run(bench.plan(EngineBench.issues("b c")))
        #expect(next.outcome == .completed)
        #expect(bench.worked == ["a#1", "b#1", "c#1"])
    }

    @Test("abort stops what runs and puts it back; stopped attempts use up nothing")
    func abort() async throws {
        let bench = EngineBench()
        let isRunning = Signal()
        var script = EngineBench.Script()
        script.work = { assignment throws(WorkFailure) in
            if assignment.issue.id.text == "a" {
                do { try await isRunning.wait() } catch {}
                throw .noCandidate("nothing came")
            }
            isRunning.fire()
            do { try await Signal().wait() } catch {}
            throw .cancelled
        }
        let issues = EngineBench.issues("a b c<b", maxRetries: 0)
        let report = try await bench.engine(script, EngineBench.rules(.abort)).run(bench.plan(issues))
        #expect(report.outcome == .completedWithFailures)
        #expect(report.summary == "a failed, b skipped, c skipped")
        #expect(try await bench.board() == "a blocked, b ready, c ready")
        #expect(try await bench.attempts("b") == ["cancelled"])
        let next = try await bench.engine().run(bench.plan(EngineBench.issues("b c<b", maxRetries: 0)))
        #expect(next.outcome == .completed)
    }

    @Test("a cancelled run puts back what is worked on and keeps what is verified; the next one goes on from there")
    func cancelled() async throws {
        let bench = EngineBench()
        let (isWorking, isVerifying) = (Signal(), Signal())
        var script = EngineBench.Script()
        script.work = { assignment throws(WorkFailure) in
            if assignment.issue.id.text == "a" { return Fakes.digest("a") }
            isWorking.fire()
            do { try await Signal().wait() } catch {}
            throw .cancelled
        }
        script.verdict = { _, _ throws(VerificationFailure) in
            isVerifying.fire()
            do { try await Signal().wait() } catch {}
            throw .cancelled
        }
        let engine = bench.engine(script)
        let issues = EngineBench.issues("a b c<a")
        let plan = bench.plan(issues)
        let task = Task { try await engine.run(plan) }
        try await isWorking.wait()
        try await isVerifying.wait()
        task.cancel()
        let report = try await task.value
        #expect(report.outcome == .cancelled)
        #expect(try await bench.board() == "a ready_for_testing, b ready, c ready")
        #expect(try await bench.store.session(plan.session)?.outcome == .cancelled)
        let next = try await bench.engine().run(bench.plan(issues))
        #expect(next.outcome == .completed)
        #expect(bench.worked.sorted() == ["a#1", "b#1", "b#2", "c#1"])
        await #expect(throws: EngineFailure.sessionEnded(.cancelled)) { try await engine.run(plan) }
    }

    @Test("a card that somebody else holds or that waits for somebody stalls what depends on it, and is left alone")
    func foreign() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues("a b<a")
        try await bench.store.adopt(issues, into: BuildID("build-epic")!, at: bench.clock.now)
        let move = TransitionRequest(
            CardID("a")!, version: 1, .move(.inProgress), by: Actor(.person, "ada")!, at: bench.clock.now)
        _ = try await bench.store.commit(WorkStep(move))
        let report = try await bench.engine().run(bench.plan(issues))
        #expect(report.outcome == .stalled(.blocked))
        #expect(report.summary == "a waiting, b unreached")
        #expect(bench.worked == [])
        #expect(try await bench.board() == "a in_progress, b blocked")
    }

    @Test("a card that somebody cancels while it is worked on stays canceled, and its candidate is not used")
    func lost() async throws {
        let bench = EngineBench()
        var script = EngineBench.Script()
        let store = bench.store
        let time = bench.clock.now
        script.work = { assignment throws(WorkFailure) in
            let request = TransitionRequest(
                assignment.issue.id, version: 2, .event(.cancel), by: Actor(.person, "ada")!, reason: "not needed",
                at: time)
            do { _ = try await store.commit(WorkStep(request)) } catch { throw .unavailable("\(error)") }
            return Fakes.digest("a")
        }
        let report = try await bench.engine(script).run(bench.plan(EngineBench.issues("a")))
        #expect(report.summary == "a canceled")
        #expect(report.outcome == .completed)
        #expect(try await bench.board() == "a canceled")
    }

    @Test(
        "a store that fails in the middle ends the run with its reason; all work has ended, and another run goes on",
        arguments: 1...12)
    func failingStore(write: Int) async throws {
        let bench = EngineBench()
        let running = Mutex(0)
        var script = EngineBench.Script()
        script.work = { assignment in
            running.withLock { $0 += 1 }
            defer { running.withLock { $0 -= 1 } }
            return Fakes.digest("\(assignment.issue.id)")
        }
        let issues = EngineBench.issues("a b<a")
        await bench.store.fail(from: write)
        let plan = bench.plan(issues)
        var hasFailed = false
        do {
            #expect(try await bench.engine(script).run(plan).outcome == .completed)
        } catch {
            hasFailed = true
            #expect(error == .store(.unavailable("the disk is full: free some space")))
        }
        #expect(hasFailed == (write <= 11))
        #expect(running.withLock { $0 } == 0)
        await bench.store.fail(from: nil)
        // The session was left open, as by a crash: it is resumed under its own id.
        if hasFailed {
            #expect(try await bench.engine(script).run(plan).outcome == .completed)
        }
        #expect(try await bench.board() == "a done, b done")
    }

    @Test("one issue alone is worked on when what it depends on is done, and not before")
    func only() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues("a b<a c")
        let early = try await bench.engine().run(bench.plan(issues, only: [CardID("b")!]))
        #expect(early.outcome == .stalled(.noProgress))
        #expect(early.results.map(\.waitsFor) == [[CardID("a")!]])
        #expect(try await bench.engine().run(bench.plan(issues, only: [CardID("a")!])).outcome == .completed)
        let then = try await bench.engine().run(bench.plan(issues, only: [CardID("b")!]))
        #expect(then.outcome == .completed)
        #expect(bench.worked == ["a#1", "b#1"])
    }

    /// Locks of one process.
    private final class Locks: BuildLocking {
        private let held = Mutex<Set<BuildID>>([])

        func acquire(_ build: BuildID) async throws(WorkStoreFailure) -> (any BuildLock)? {
            held.withLock { $0.insert(build).inserted } ? Lock(locks: self, build: build) : nil
        }

        private struct Lock: BuildLock {
            let locks: Locks
            let build: BuildID
            func release() async { _ = locks.held.withLock { $0.remove(build) } }
        }
    }

    @Test(
        "a second run of a build is refused while the first one works, and can begin when that has ended, however it ended"
    )
    func locks() async throws {
        let bench = EngineBench()
        let (isWorking, mayEnd) = (Signal(), Signal())
        var script = EngineBench.Script()
        script.locks = Locks()
        script.work = { assignment in
            isWorking.fire()
            do { try await mayEnd.wait() } catch {}
            return Fakes.digest("\(assignment.issue.id)")
        }
        let engine = bench.engine(script)
        let (plan, other) = (bench.plan(EngineBench.issues("a")), bench.plan(EngineBench.issues("a")))
        async let first = engine.run(plan)
        try await isWorking.wait()
        let writes = await bench.store.writes
        await #expect(throws: EngineFailure.busy(BuildID("build-epic")!)) { try await engine.run(other) }
        #expect(await bench.store.writes == writes)
        mayEnd.fire()
        #expect(try await first.outcome == .completed)
        let bad = bench.plan(EngineBench.issues("a b<x"))
        await #expect(throws: EngineFailure.self) { try await engine.run(bad) }
        #expect(try await engine.run(other).outcome == .completed)
        #expect(bench.worked == ["a#1"])
    }

    @Test("an epic without issues has completed nothing")
    func empty() async throws {
        let bench = EngineBench()
        #expect(try await bench.engine().run(bench.plan([])).outcome == .stalled(.noProgress))
    }

    @Test("two epics of a rock have builds of their own and one graph; a session is not another card's")
    func rock() async throws {
        let bench = EngineBench()
        let parts = [
            RunPlan.Part(build: BuildID("build-r-one")!, issues: EngineBench.issues("a")),
            RunPlan.Part(build: BuildID("build-r-two")!, issues: EngineBench.issues("b<a")),
        ]
        func plan(_ target: String, _ session: String) -> RunPlan {
            RunPlan(
                session: SessionID(session)!, target: CardID(target)!, targetType: .rock, parts: parts,
                configuration: Fakes.digest("board"))
        }
        let report = try await bench.engine().run(plan("r", "s"))
        #expect(report.summary == "a done, b done")
        #expect(try await bench.store.issues(of: BuildID("build-r-two")!).map(\.status) == [.done])
        try await bench.store.open(
            RunSession(
                id: SessionID("other")!, target: CardID("q")!, targetType: .rock, builds: [],
                startedAt: bench.clock.now,
                configuration: Fakes.digest("board")))
        await #expect(throws: EngineFailure.foreignSession(CardID("q")!)) {
            try await bench.engine().run(plan("r", "other"))
        }
    }
}

extension RunEvent.Kind {
    var isBlocked: Bool {
        if case .blocked = self { true } else { false }
    }
}
