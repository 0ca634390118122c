import OrketCore
import OrketEngine
import OrketEngineKit
import Synchronization

/// A board, a worker and a verdict for one test, with what was done in the order in which it was done.
final class EngineBench: Sendable {
    let store = MemoryWorkStore()
    let clock = TestClock()
    private let log = Mutex<[String]>([])
    private let events = Mutex<[RunEvent]>([])
    private let sessions = Mutex(0)

    /// What was begun, as `card#attempt`, in order.
    var worked: [String] { log.withLock { $0 } }
    var observed: [RunEvent] { events.withLock { $0 } }

    /// `a b<a c<a,b`: issues by blanks, dependencies behind `<`, a priority behind `!`.
    static func issues(_ text: String, maxRetries: Int = 3) -> [OrketCore.Issue] {
        text.split(separator: " ").map { word in
            let parts = word.split(separator: "<")
            let names = parts[0].split(separator: "!")
            var issue = OrketCore.Issue(id: CardID(String(names[0]))!)
            if names.count > 1 { issue.card.priority = Priority(String(names[1]))! }
            issue.dependsOn = parts.count > 1 ? parts[1].split(separator: ",").map { CardID(String($0))! } : []
            issue.verification.fixtures = ["fixture"]
            issue.budget = IssueBudget(maxRetries: maxRetries, wallMs: 3_600_000, verificationMs: 600_000)!
            return issue
        }
    }

    func plan(_ issues: [OrketCore.Issue], session: String? = nil, only: Set<CardID>? = nil) -> RunPlan {
        let number = sessions.withLock { number in
            number += 1
            return number
        }
        return RunPlan(
            session: SessionID(session ?? "s\(number)")!, target: CardID("epic")!, targetType: .epic,
            parts: [RunPlan.Part(build: BuildID("build-epic")!, issues: issues)], only: only,
            configuration: Fakes.digest("board"))
    }

    /// What the worker and the verifier do; by default every candidate is delivered and passes.
    struct Script: Sendable {
        var work: @Sendable (Assignment) async throws(WorkFailure) -> HexDigest = { assignment in
            Fakes.digest("\(assignment.issue.id)#\(assignment.attempt)")
        }
        /// By the digest of the candidate.
        var verdict: @Sendable (OrketCore.Issue, HexDigest) async throws(VerificationFailure) -> Outcome = { _, _ in
            .passed
        }
        var wasVerified: @Sendable (VerificationJob) async -> Void = { _ in }
        var reviewer: (any Reviewing)?
        var integrator: (any Integrating)?
        var locks: (any BuildLocking)?

        init() {}
    }

    func engine(_ script: Script = Script(), _ rules: RunRules = EngineBench.rules()) -> Engine {
        let verifier = ScriptedVerifier(wasVerified: script.wasVerified, script.verdict)
        let worker = ScriptedWorker { [self] assignment throws(WorkFailure) in
            log.withLock { $0.append("\(assignment.issue.id)#\(assignment.attempt)") }
            return try await script.work(assignment)
        }
        var parts = EngineParts(
            store: store, worker: worker, verifier: verifier, gate: verifier, clock: clock, randomness: NoChance(),
            sha256: { Fakes.digest($0) })
        parts.reviewer = script.reviewer
        parts.integrator = script.integrator
        parts.locks = script.locks
        parts.observer = Observer(bench: self)
        return Engine(parts, rules: rules)
    }

    static func rules(
        width: Int = 2, _ onFailure: RunRules.OnFailure = .proceed, identicalFailures: Int = 10, delayMs: Int64 = 0
    ) -> RunRules {
        RunRules(
            width: width, verificationWidth: 2, onFailure: onFailure,
            retry: RetryRules(identicalFailures: identicalFailures, firstDelayMs: delayMs)!)!
    }

    /// Status of each issue, as `a done, b ready`.
    func board() async throws -> String {
        try await store.issues(of: BuildID("build-epic")!).map { "\($0.id) \($0.status.rawValue)" }
            .joined(separator: ", ")
    }

    func attempts(_ id: String) async throws -> [String] {
        try await store.attempts(at: CardID(id)!).map { $0.result?.kind.rawValue ?? "open" }
    }

    private struct Observer: RunObserver {
        unowned let bench: EngineBench
        func observe(_ event: RunEvent) { bench.events.withLock { $0.append(event) } }
    }
}

extension RunReport {
    /// `a done, b failed`.
    var summary: String { results.map { "\($0.issue) \($0.kind.rawValue)" }.joined(separator: ", ") }
}
