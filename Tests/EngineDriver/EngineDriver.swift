internal import Glibc
import OrketCore
import OrketEngine
import OrketEngineKit
import OrketStore
import OrketSystem

/// A process of its own that runs a small board with the real store, and ends itself at a journal point.
///
///     orket-engine-driver DIRECTORY SESSION KILL    ends at the journal point with this number, from 1; 0 for none
///
/// Says what the board is in the end, a line for each issue. What it did is in `DIRECTORY/log`, also when it was killed.
@main
struct EngineDriver {
    static func main() async {
        let words = CommandLine.arguments
        let place = Place(directory: words[1])
        do {
            let store = try await BoardStore.open(place.directory + "/board.sqlite", now: Place.now, busyTimeout: 20)
            guard let store else { fatalError("the store was not made") }
            let report = try await run(store, place, session: SessionID(words[2])!, kill: Int(words[3])!)
            place.say(report)
            for line in try await state(store, place) { place.say(line) }
        } catch {
            place.say("error \(error)")
            exit(3)
        }
    }

    private static func run(
        _ store: BoardStore, _ place: Place, session: SessionID, kill: Int
    ) async throws -> String {
        let verifier = ScriptedVerifier(wasVerified: { place.log("verified-work \($0.issue.id) \($0.attempt)") }) {
            issue, candidate in
            let isGood = issue.id.text == "never" ? false : candidate != place.candidate(of: "flaky", try: 1)
            return isGood ? .passed : .failed
        }
        let worker = ScriptedWorker { assignment in
            // Tries that a crash took away do not count: the worker does what it would have done.
            let number = assignment.feedback.count { $0.kind.counts } + 1
            place.log("work \(assignment.issue.id) \(number)")
            return place.candidate(of: assignment.issue.id.text, try: number)
        }
        var parts = EngineParts(
            store: store, worker: worker, verifier: verifier, gate: verifier, clock: TestClock(),
            randomness: NoChance(), sha256: { Fakes.digest($0) })
        parts.integrator = ResultDirectory(place: place)
        parts.witness = Killer(place: place, at: kill)
        let rules = RunRules(
            width: 1, verificationWidth: 1, retry: RetryRules(identicalFailures: 10, firstDelayMs: 0)!)!
        let plan = RunPlan(
            session: session, target: CardID("epic")!, targetType: .epic,
            parts: [RunPlan.Part(build: BuildID("build-epic")!, issues: issues)], configuration: Fakes.digest("board"))
        // A process that was killed after the end of its session finds it ended.
        if let outcome = try await store.session(session)?.outcome { return "outcome \(outcome.code)" }
        let report = try await Engine(parts, rules: rules).run(plan)
        return "outcome \(report.outcome.code)"
    }

    /// One that passes, one that passes at its second try, one that never does, one behind each of the last two.
    private static var issues: [Issue] {
        [("plain", [], 1), ("flaky", [], 1), ("never", [], 0), ("behind", ["flaky"], 0), ("unreached", ["never"], 0)]
            .map { name, dependencies, retries in
                var issue = Issue(id: CardID(name)!)
                issue.card.parent = CardID("epic")!
                issue.dependsOn = dependencies.map { CardID($0)! }
                issue.verification.fixtures = ["fixture"]
                issue.budget = IssueBudget(maxRetries: retries, wallMs: 3_600_000, verificationMs: 600_000)!
                return issue
            }
    }

    /// All that must be the same however often the process was killed.
    private static func state(_ store: BoardStore, _ place: Place) async throws -> [String] {
        var lines: [String] = []
        for stored in try await store.issues(of: BuildID("build-epic")!) {
            let attempts = try await store.attempts(at: stored.id).filter { $0.result?.kind != .interrupted }
            let ends = attempts.map { "\($0.result?.kind.rawValue ?? "open") \($0.candidate?.text.prefix(8) ?? "-")" }
            let wait = stored.issue.card.waitReason?.rawValue ?? "-"
            lines.append("\(stored.id) \(stored.status.rawValue) \(wait): \(ends.joined(separator: ", "))")
        }
        let ledger = try await store.successes(limit: 100).map(\.card.text).sorted()
        lines.append("ledger \(ledger.joined(separator: " "))")
        lines.append("result \(try place.results().joined(separator: " "))")
        return lines
    }
}

/// The directory of one board.
struct Place: Sendable {
    let directory: String
    static let now = UTCTime(milliseconds: 1_770_000_000_000)

    /// A line on stdout.
    func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(1, bytes, bytes.count)
    }

    /// A line that is in the log when this returns: a killed process loses nothing that it has given to write(2).
    func log(_ line: String) {
        let descriptor = open(directory + "/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "no log")
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
        Glibc.close(descriptor)
    }

    /// What the worker makes of an issue at one try.
    func candidate(of issue: String, try number: Int) -> HexDigest { Fakes.digest("\(issue) \(number)") }

    /// The result of the build: a file an issue, with the digest of its candidate.
    func results() throws -> [String] {
        try Files.names(in: directory).filter { $0.hasPrefix("result-") }.sorted().map { name in
            try name + "=" + Files.text(directory + "/" + name).prefix(8)
        }
    }
}

/// Puts candidates into the directory: the same one twice has one effect, another one is a conflict.
private struct ResultDirectory: Integrating {
    let place: Place

    func integrate(
        _ candidate: HexDigest, of issue: CardID, attempt: Int, into build: BuildID
    ) async throws(IntegrationFailure) {
        let path = place.directory + "/result-\(issue)"
        let before: String?
        do throws(SystemError) {
            before = Files.exists(path) ? try Files.text(path) : nil
            if before == nil {
                try Files.replace(path, Array(candidate.text.utf8))
                place.log("integrated \(issue)")
            }
        } catch { throw .unavailable("\(error)") }
        if let before, before != candidate.text { throw .conflict(["another result of '\(issue)'"]) }
    }
}

/// Ends the process at one journal point, so suddenly that nothing can be tidied up.
private final class Killer: JournalWitness {
    private let place: Place
    private let last: Int

    init(place: Place, at last: Int) {
        self.place = place
        self.last = last
    }

    func reached(_ point: JournalPoint, written: Bool, subject: String) {
        let number = EngineDriverCount.next()
        place.log("point \(point.rawValue) \(written ? "after" : "before") \(subject)")
        if number == last {
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
    }
}
