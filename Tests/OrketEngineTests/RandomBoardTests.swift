import OrketCore
import OrketEngine
import OrketEngineKit
import OrketTestSupport
import Synchronization
import Testing

/// Boards, verdicts and interruptions by chance, the same ones each time.
@Suite("Boards by chance")
struct RandomBoardTests {
    /// What becomes of one candidate of an issue.
    private enum Fate: Int { case passes, fails, brings, breaks }

    private struct Chance {
        var issues: [OrketCore.Issue]
        var fates: [CardID: [Fate]]

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...25, using: &generator)
            let names = (0..<count).map { "i\($0)" }
            var words: [String] = []
            for card in 0..<count {
                let wanted = Int.random(in: 0...3, using: &generator)
                let before = card == 0 ? [] : Set((0..<wanted).map { _ in Int.random(in: 0..<card, using: &generator) })
                words.append(
                    names[card] + (before.isEmpty ? "" : "<" + before.sorted().map { names[$0] }.joined(separator: ","))
                )
            }
            issues = EngineBench.issues(words.shuffled(using: &generator).joined(separator: " "), maxRetries: 2)
            fates = [:]
            for issue in issues {
                fates[issue.id] = (0..<3).map { _ in
                    Int.random(in: 0..<10, using: &generator) < 6
                        ? .passes : Fate(rawValue: Int.random(in: 1...3, using: &generator))!
                }
            }
        }

        var script: EngineBench.Script {
            let fates = fates
            var script = EngineBench.Script()
            script.work = { assignment throws(WorkFailure) in
                let number = assignment.feedback.count { $0.kind.counts }
                if Task.isCancelled { throw .cancelled }
                switch fates[assignment.issue.id]![min(number, 2)] {
                case .brings: throw .noCandidate("nothing came")
                case .breaks: throw .unavailable("no disk")
                case .passes: return Fakes.digest("\(assignment.issue.id) good \(number)")
                case .fails: return Fakes.digest("\(assignment.issue.id) bad \(number)")
                }
            }
            script.verdict = { issue, candidate in
                (0..<3).contains { candidate == Fakes.digest("\(issue.id) good \($0)") } ? .passed : .failed
            }
            return script
        }

        /// Issues that end as done, by what was given to chance: those with a passing try whose dependencies all do.
        var expected: Set<CardID> {
            var done: Set<CardID> = []
            for _ in issues {
                for issue in issues
                where fates[issue.id]!.contains(.passes) && issue.dependsOn.allSatisfy(done.contains) {
                    done.insert(issue.id)
                }
            }
            return done
        }
    }

    private static func done(_ bench: EngineBench) async throws -> Set<CardID> {
        Set(try await bench.store.issues(of: BuildID("build-epic")!).filter { $0.status == .done }.map(\.id))
    }

    /// Nothing was begun before what it depends on was done.
    private static func violations(_ history: [String], _ issues: [OrketCore.Issue]) -> [String] {
        var done: Set<String> = []
        var found: [String] = []
        for line in history {
            let words = line.split(separator: " ").map(String.init)
            let issue = issues.first { $0.id.text == words[0] }!
            if words[1].hasSuffix(">done") { done.insert(words[0]) }
            if words[1].hasSuffix(">in_progress"), !issue.dependsOn.allSatisfy({ done.contains($0.text) }) {
                found.append(line)
            }
        }
        return found
    }

    @Test("what is done follows from the verdicts alone, at any width", arguments: 1...40 as ClosedRange<UInt64>)
    func anyWidth(seed: UInt64) async throws {
        let chance = Chance(seed: seed)
        for width in [1, 3, 16] {
            let bench = EngineBench()
            let report = try await bench.engine(chance.script, EngineBench.rules(width: width))
                .run(bench.plan(chance.issues))
            #expect(try await Self.done(bench) == chance.expected)
            #expect(
                report.outcome == (chance.expected.count == chance.issues.count ? .completed : .completedWithFailures))
            #expect(report.results.map(\.issue) == chance.issues.map(\.id))
            #expect(Self.violations(await bench.store.history, chance.issues) == [])
        }
    }

    @Test("a run that is stopped again and again ends as one that is not", arguments: 1...40 as ClosedRange<UInt64>)
    func stopped(seed: UInt64) async throws {
        let chance = Chance(seed: seed)
        let bench = EngineBench()
        var runs = 0
        while true {
            runs += 1
            // Stopped when so many tries were begun in this run; later runs get further.
            let left = Mutex(runs)
            let isDue = Signal()
            var script = chance.script
            let work = script.work
            script.work = { assignment throws(WorkFailure) in
                let isLast = left.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isLast {
                    isDue.fire()
                    // Held until the run is stopped.
                    do { try await Signal().wait() } catch {}
                }
                return try await work(assignment)
            }
            let engine = bench.engine(script)
            let plan = bench.plan(chance.issues)
            let task = Task { try await engine.run(plan) }
            let stopper = Task {
                do { try await isDue.wait() } catch { return }
                task.cancel()
            }
            let outcome = try await task.value.outcome
            stopper.cancel()
            if outcome != .cancelled { break }
            try #require(runs < 200)
        }
        #expect(try await Self.done(bench) == chance.expected)
        #expect(Self.violations(await bench.store.history, chance.issues) == [])
        for issue in chance.issues {
            let kinds = try await bench.attempts(issue.id.text)
            // Never more tries than the budget has; what was stopped, and what failed on our side, is not the issue's.
            #expect(kinds.count { !["cancelled", "interrupted", "inconclusive"].contains($0) } <= 3)
        }
    }
}
