import OrketCore
import OrketEngine
import OrketEngineKit
import Synchronization
import Testing

@Suite("Scheduling")
struct ScheduleTests {
    private static let first = Fakes.digest("nothing")

    @Test("every issue is done once, each after what it depends on, and then a second run finds nothing to do")
    func twice() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues("c<a,b a b<a d<c")
        let report = try await bench.engine().run(bench.plan(issues))
        #expect(report.outcome == .completed)
        #expect(bench.worked == ["a#1", "b#1", "c#1", "d#1"])
        #expect(try await bench.board() == "c done, a done, b done, d done")
        let writes = await bench.store.history.count
        let again = try await bench.engine().run(bench.plan(issues))
        #expect(again.outcome == .completed)
        #expect(again.summary == "c already_done, a already_done, b already_done, d already_done")
        #expect(bench.worked.count == 4)
        #expect(await bench.store.history.count == writes)
    }

    @Test(
        "one issue's failure never stops its siblings; what depends on it says so, and is let go when it is done after all"
    )
    func siblings() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues("a b c<a d<c e<b", maxRetries: 1)
        var script = EngineBench.Script()
        script.verdict = { issue, _ in issue.id.text == "a" ? .failed : .passed }
        let report = try await bench.engine(script).run(bench.plan(issues))
        #expect(report.outcome == .completedWithFailures)
        #expect(report.summary == "a failed, b done, c unreached, d unreached, e done")
        #expect(report.results[2].waitsFor.map(\.text) == ["a"])
        #expect(try await bench.board() == "a blocked, b done, c blocked, d blocked, e done")
        // A person mends the fixture and resets the one that failed; the others follow by themselves.
        try await reset("a", bench)
        let again = try await bench.engine().run(bench.plan(issues))
        #expect(again.outcome == .completed)
        #expect(try await bench.board() == "a done, b done, c done, d done, e done")
    }

    private func reset(_ id: String, _ bench: EngineBench) async throws {
        let stored = try #require(await bench.store.issue(CardID(id)!))
        let request = TransitionRequest(
            stored.id, version: stored.version, .event(.reset), by: Actor(.person, "ada")!, reason: "mended",
            at: bench.clock.now)
        _ = try await bench.store.commit(WorkStep(request))
    }

    @Test("retry happens inside the run: failed verification puts the issue back with its reasons until it passes")
    func retries() async throws {
        let bench = EngineBench()
        let heard = Mutex<[[String]]>([])
        var script = EngineBench.Script()
        script.work = { assignment in
            heard.withLock { $0.append(assignment.feedback.map { $0.kind.rawValue }) }
            return Fakes.digest("\(assignment.attempt)")
        }
        script.verdict = { _, candidate in candidate == Fakes.digest("3") ? .passed : .failed }
        let report = try await bench.engine(script, EngineBench.rules(delayMs: 1_000)).run(
            bench.plan(EngineBench.issues("a")))
        #expect(report.outcome == .completed)
        #expect(report.results[0].attempts == 3)
        #expect(heard.withLock { $0 } == [[], ["refused"], ["refused", "refused"]])
        #expect(try await bench.attempts("a") == ["refused", "refused", "verified"])
        let delays = bench.observed.compactMap { event in
            if case .requeued(_, _, let delay) = event.kind { delay } else { nil }
        }
        #expect(delays == [1_000, 2_000])
    }

    @Test("attempts are bounded: the issue is blocked for somebody to look, with every reason")
    func exhausted() async throws {
        let bench = EngineBench()
        var script = EngineBench.Script()
        script.verdict = { _, _ in .failed }
        let report = try await bench.engine(script).run(bench.plan(EngineBench.issues("a", maxRetries: 2)))
        #expect(report.outcome == .completedWithFailures)
        #expect(bench.worked == ["a#1", "a#2", "a#3"])
        #expect(report.results[0].reasons.first == "its budget of attempts is used up")
        #expect(report.results[0].reasons.last?.contains("failed_verification") == true)
        let stored = try await bench.store.issue(CardID("a")!)
        #expect(stored?.issue.card.waitReason == .review)
    }

    @Test("identical failures end early; different ones do not")
    func identicalFailures() async throws {
        let bench = EngineBench()
        var script = EngineBench.Script()
        script.work = { assignment throws(WorkFailure) in
            let word =
                assignment.issue.id.text == "a"
                ? "same" : ["one", "two", "three", "four", "five"][assignment.attempt - 1]
            throw .noCandidate("\(word) failure after \(assignment.attempt) s")
        }
        let issues = EngineBench.issues("a b", maxRetries: 4)
        let report = try await bench.engine(script, EngineBench.rules(identicalFailures: 3)).run(bench.plan(issues))
        #expect(report.results.map(\.attempts) == [3, 5])
        #expect(report.results[0].reasons.first == "it failed alike 3 times")
        #expect(report.results[1].reasons.first == "its budget of attempts is used up")
    }

    @Test("no retry where no other candidate could change the answer: an issue without a fixture is never done")
    func noFixture() async throws {
        let bench = EngineBench()
        var issues = EngineBench.issues("a")
        issues[0].verification.fixtures = []
        let report = try await bench.engine().run(bench.plan(issues))
        #expect(bench.worked == ["a#1"])
        #expect(report.summary == "a failed")
        #expect(report.results[0].reasons[0] == "no other candidate could change this")
        #expect(report.results[0].reasons[1].contains("no_fixture"))
    }

    @Test("a reviewer's rejection puts the issue back to the worker with the reasons, and it is not stuck")
    func rejection() async throws {
        struct Reviewer: Reviewing {
            func review(
                _ issue: OrketCore.Issue, candidate: HexDigest
            ) async throws(VerificationFailure) -> ReviewDecision {
                candidate == Fakes.digest("a#2") ? .approved : .rejected(["names are unclear"])
            }
        }
        let bench = EngineBench()
        var script = EngineBench.Script()
        script.reviewer = Reviewer()
        let report = try await bench.engine(script).run(bench.plan(EngineBench.issues("a")))
        #expect(report.outcome == .completed)
        let attempts = try await bench.store.attempts(at: CardID("a")!)
        #expect(attempts.map { $0.result?.kind } == [.rejected, .verified])
        #expect(attempts[0].result?.reasons == ["names are unclear"])
    }

    @Test("a candidate that does not fit what others delivered is worked on anew")
    func conflict() async throws {
        struct Integrator: Integrating {
            func integrate(
                _ candidate: HexDigest, of issue: CardID, attempt: Int, into build: BuildID
            ) async throws(IntegrationFailure) {
                if attempt == 1 { throw .conflict(["src/a.py was changed by 'b'"]) }
            }
        }
        let bench = EngineBench()
        var script = EngineBench.Script()
        script.integrator = Integrator()
        let report = try await bench.engine(script).run(bench.plan(EngineBench.issues("a")))
        #expect(report.outcome == .completed)
        #expect(try await bench.attempts("a") == ["conflict", "verified"])
    }

    @Test(
        "our own failures use up attempts but blame nobody: the issue is blocked by the system, and tried again by the next run"
    )
    func infrastructure() async throws {
        let bench = EngineBench()
        var script = EngineBench.Script()
        script.work = { _ throws(WorkFailure) in throw .unavailable("no sandbox: orket doctor") }
        let issues = EngineBench.issues("a", maxRetries: 1)
        let report = try await bench.engine(script, EngineBench.rules(identicalFailures: 2)).run(bench.plan(issues))
        #expect(report.summary == "a failed")
        let stored = try await bench.store.issue(CardID("a")!)
        #expect(stored?.issue.card.waitReason == .system)
        var inconclusive = EngineBench.Script()
        inconclusive.verdict = { _, _ in .inconclusive }
        let other = EngineBench()
        _ = try await other.engine(inconclusive).run(other.plan(issues))
        #expect(try await other.attempts("a") == ["inconclusive", "inconclusive"])
    }

    @Test("work that outlasts its budget of time is stopped, and its end is waited for")
    func deadline() async throws {
        let bench = EngineBench()
        let hasEnded = Mutex(false)
        var script = EngineBench.Script()
        let clock = bench.clock
        script.work = { _ throws(WorkFailure) in
            clock.expire()
            do { try await Signal().wait() } catch {}
            hasEnded.withLock { $0 = true }
            throw .cancelled
        }
        let report = try await bench.engine(script).run(bench.plan(EngineBench.issues("a", maxRetries: 0)))
        #expect(report.summary == "a failed")
        #expect(hasEnded.withLock { $0 })
        #expect(try await bench.attempts("a") == ["out_of_time"])
    }

    @Test("issues begin by priority, impact and order of creation, whatever their ids")
    func dispatchOrder() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues("z y!high x w<y v<y u<x")
        _ = try await bench.engine(EngineBench.Script(), EngineBench.rules(width: 1)).run(bench.plan(issues))
        #expect(bench.worked == ["y#1", "x#1", "z#1", "w#1", "v#1", "u#1"])
    }

    @Test("never more issues are worked on than the width says, and as many as it says")
    func width() async throws {
        let bench = EngineBench()
        let running = Mutex((now: 0, most: 0))
        let full = Signal()
        var script = EngineBench.Script()
        script.work = { assignment in
            let isFull = running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
                return running.now == 3
            }
            // The first ones wait until three run at once: were the lane narrower, this would never end.
            if isFull { full.fire() }
            do { try await full.wait() } catch {}
            running.withLock { $0.now -= 1 }
            return Fakes.digest("\(assignment.issue.id)")
        }
        let text = (0..<40).map { "i\($0)" }.joined(separator: " ")
        let report = try await bench.engine(script, EngineBench.rules(width: 3)).run(
            bench.plan(EngineBench.issues(text)))
        #expect(report.outcome == .completed)
        #expect(running.withLock { $0.most } == 3)
    }

    @Test("verification has a lane of its own: long work keeps no verdict waiting")
    func lanes() async throws {
        let bench = EngineBench()
        let verified = Signal()
        var script = EngineBench.Script()
        script.work = { assignment in
            // The second issue is worked on until the first one is verified.
            if assignment.issue.id.text == "b" { do { try await verified.wait() } catch {} }
            return Fakes.digest("\(assignment.issue.id)")
        }
        script.wasVerified = { job in if job.issue.id.text == "a" { verified.fire() } }
        let report = try await bench.engine(script, EngineBench.rules(width: 1)).run(
            bench.plan(EngineBench.issues("a b")))
        #expect(report.outcome == .completed)
    }

    @Test("a chain of 500 issues is finished: there are no ticks to run out of")
    func chain() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues((0..<500).map { $0 == 0 ? "i0" : "i\($0)<i\($0 - 1)" }.joined(separator: " "))
        let report = try await bench.engine().run(bench.plan(issues))
        #expect(report.outcome == .completed)
        #expect(bench.worked == (0..<500).map { "i\($0)#1" })
    }

    @Test("a layered board of 1,000 issues is finished, at four writes an issue")
    func layers() async throws {
        let bench = EngineBench()
        let issues = EngineBench.issues(
            (0..<1_000).map { card in
                card < 50
                    ? "i\(card)"
                    : "i\(card)<i\(card / 50 * 50 - 50 + card % 50),i\(card / 50 * 50 - 50 + (card + 7) % 50)"
            }.joined(separator: " "))
        let report = try await bench.engine(EngineBench.Script(), EngineBench.rules(width: 16)).run(bench.plan(issues))
        #expect(report.outcome == .completed)
        #expect(Set(bench.worked).count == 1_000)
        #expect(bench.worked.count == 1_000)
        // Session and issues, four steps an issue, and the end of the session.
        #expect(await bench.store.writes == 4_003)
    }
}
