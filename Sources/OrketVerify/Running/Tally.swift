import OrketCore

/// Adds up the cases of a fixture that are called one by one, and the sandboxes that they took.
struct Tally {
    private let fixture: Fixture
    private var trials: [TrialResult] = []
    private var sandboxes: [RunResult] = []
    private var seen: [SandboxSeen] = []
    private var excerpts = 0
    private var compileMs = 0.0
    private var compilations: [CompileUse] = []
    private var diagnostic: Diagnostic?
    private var streams: [SeenStream] = []
    /// A hidden case has run where its traces may show later: nothing that follows is kept.
    private var sawHidden = false

    /// Failed cases of which excerpts are kept.
    private static let maximumExcerpts = 20

    init(_ fixture: Fixture) { self.fixture = fixture }

    /// True when nothing that follows can be decided: our side failed, or was told to stop.
    var isHopeless: Bool {
        trials.last.map { $0.verdict.outcome == .inconclusive || $0.verdict.outcome == .cancelled } ?? false
    }

    /// A sandbox is over. Where one serves all cases its streams are kept, unless a hidden one is among them.
    mutating func ran(_ result: RunResult) {
        sandboxes.append(result)
        saw(SandboxSeen(.candidate, result))
        if !hasRunsOfCases, !fixture.places.contains(where: \.isHidden) {
            streams += SeenStream.all(of: result, step: "run")
        }
    }

    /// A sandbox beside the candidate's, whose usage is not the candidate's; nil for one that never stood.
    mutating func saw(_ sandbox: SandboxSeen?) {
        if let sandbox { seen.append(sandbox) }
    }

    /// Each case has a run of its own.
    private var hasRunsOfCases: Bool {
        switch fixture.body {
        case .judge, .command: true
        case .cli, .function, .check, .suite, .http: false
        }
    }

    /// A case is over.
    mutating func add(_ ending: FunctionRules.Ending, _ item: FunctionBody.Case, _ limits: CaseLimits) {
        let bare = FunctionRules.verdict(ending, expected: item.expected, limits: limits)
        let place = "case \(item.id): "
        let verdict = Verdict(
            bare.outcome,
            bare.reasons.map {
                item.isHidden ? $0.redacted(of: place) : Reason($0.code, source: $0.source, place + $0.detail)
            })
        let shows = verdict.outcome != .passed && !item.isHidden && excerpts < Self.maximumExcerpts
        if shows { excerpts += 1 }
        trials.append(TrialResult(ending, item, verdict, keepsExcerpts: shows))
    }

    /// The compile step is over; what it wrote is shown when the candidate cannot be run.
    mutating func built(_ build: Verifier.Build) {
        guard let result = build.result else { return }
        compileMs += result.usage.wallMs
        sandboxes.append(result)
        saw(SandboxSeen(.compiler, result, isReused: build.use?.isReused ?? false))
        if let use = build.use { compilations.append(use) }
        streams += SeenStream.all(of: result, step: "compile") + SeenStream.artefacts(build.made, step: "compile")
        if build.verdict != nil { diagnostic = Diagnostic(step: "compile", result.stderr) }
    }

    /// The case at `place` is over, with what the host saw of its program, and with both sides of a difference, if any.
    mutating func add(
        _ bare: Verdict, of place: Fixture.Place, _ run: RunResult?, made: [CollectedFile] = [],
        expected: Excerpt? = nil, actual: Excerpt? = nil
    ) {
        let prefix = "\(place.word) \(place.id): "
        let verdict = Verdict(
            bare.outcome,
            bare.reasons.map {
                place.isHidden ? $0.redacted(of: prefix) : Reason($0.code, source: $0.source, prefix + $0.detail)
            })
        let shows = verdict.outcome != .passed && !place.isHidden && excerpts < Self.maximumExcerpts
        if shows { excerpts += 1 }
        if shows, diagnostic == nil { diagnostic = run.flatMap { Diagnostic(step: "run", $0.stderr) } }
        var trial = TrialResult(
            verdict: verdict, usage: run?.usage ?? Usage(), exit: run?.exit, expected: shows ? expected : nil,
            actual: shows ? actual : nil, stderr: shows ? run.flatMap { Excerpt(endOf: $0.stderr) } : nil)
        // Steps of `command` share a workspace: what a hidden one left may come out of a later one.
        if place.isHidden, case .command = fixture.body { sawHidden = true }
        if let run, hasRunsOfCases, !place.isHidden, !sawHidden {
            trial.streams = SeenStream.all(of: run, step: "run") + SeenStream.artefacts(made, step: "run")
        }
        trials.append(trial)
    }

    /// The only case is over, with this verdict.
    mutating func add(_ verdict: Verdict) {
        trials.append(TrialResult(verdict: verdict, usage: usage, exit: nil, expected: nil, actual: nil, stderr: nil))
    }

    /// The whole; `decided` stands in place of what the cases say.
    func result(_ decided: Verdict?, total: Duration) -> VerificationResult {
        let seen = SandboxSeen.distinct(seen)
        return VerificationResult(
            verdict: decided ?? verdict, trials: trials, assurance: fixture.assurance, usage: usage,
            timings: VerificationTimings(
                compileMs: compileMs, runMs: usage.wallMs - compileMs,
                totalMs: total / .milliseconds(1)),
            isolation: sandboxes.last?.isolation ?? Isolation(), planDigests: seen.plans, sandboxes: seen,
            compilations: compilations, streams: streams, diagnostic: diagnostic)
    }

    private var usage: Usage { Usage(adding: sandboxes.map(\.usage)) }

    private var verdict: Verdict {
        if fixture.places.isEmpty { return Verdict(.failed, [Reason(.noTestsRan, "there is no case to run")]) }
        let outcome = trials.map(\.verdict.outcome).max { $0.severity < $1.severity } ?? .passed
        if outcome == .passed && trials.count != fixture.places.count {
            let sentence = "\(trials.count) of \(fixture.places.count) cases have a result"
            return Verdict(.inconclusive, [Reason(.supervisorLostChild, sentence)])
        }
        return Verdict(outcome, trials.flatMap(\.verdict.reasons))
    }
}

extension TrialResult {
    /// A case that was called, with what was expected and what came where `keepsExcerpts`.
    fileprivate init(
        _ ending: FunctionRules.Ending, _ item: FunctionBody.Case, _ verdict: Verdict, keepsExcerpts: Bool
    ) {
        var (usage, exit, stderr, reply) = (Usage(), ExitStatus?.none, Excerpt?.none, CaseReply?.none)
        switch ending {
        case .process(let process, _):
            usage = Usage(
                wallMs: process.wallMs, cpuMs: process.cpuMs, cpuMetric: "wait4",
                memoryPeakBytes: process.maxRSSKiB << 10, memoryMetric: "maxrss")
            exit = process.exit
            if !process.output.isEmpty {
                stderr = Excerpt(Array(process.output.utf8), line: nil, totalBytes: process.outputBytes)
            }
            reply = (try? StrictJSON.parse(process.reply, deepest: 128)).flatMap { CaseReply($0) }
        case .answered(let answer, let run):
            (usage, stderr, reply) = (run.usage, Excerpt(endOf: run.stderr), answer)
        case .lost(let run): (usage, exit, stderr) = (run.usage, run.exit, Excerpt(endOf: run.stderr))
        case .timedOut, .forged: break
        }
        var (expected, actual) = (Excerpt?.none, Excerpt?.none)
        if keepsExcerpts, case .value(let wanted, _) = item.expected, case .value(let value)? = reply {
            expected = Excerpt(Array(wanted.summary(maximum: 2_000).utf8))
            actual = Excerpt(Array(value.summary(maximum: 2_000).utf8))
        }
        if !keepsExcerpts { stderr = nil }
        self.init(verdict: verdict, usage: usage, exit: exit, expected: expected, actual: actual, stderr: stderr)
    }
}
