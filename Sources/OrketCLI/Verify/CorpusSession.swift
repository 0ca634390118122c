import OrketCore
import OrketVerify
import Synchronization

/// One run of `orket verify --corpus`, from the files to the exit code.
struct CorpusSession {
    private let resumption: Resumption
    private let log: VerdictLog
    private let languages: Set<Language>
    private let jobs: Int
    private let hasOutputFile: Bool

    /// Reads and checks everything that the run needs. Throws all findings; nothing has been started then.
    init(corpus: String, output: String?, resume: Bool, sample: Int?, jobs: Int) throws(InvalidInput) {
        let all = try Corpus.read(corpus)
        if let output {
            let (log, earlier) = try VerdictLog.open(output, resume: resume)
            let whole = try Resumption(all, earlier: earlier, output: output)
            self.log = log
            resumption = whole.restricted(to: Corpus.sample(all, count: sample ?? all.count))
        } else {
            log = try VerdictLog.standardOutput()
            resumption = try Resumption(Corpus.sample(all, count: sample ?? all.count), earlier: [], output: "stdout")
        }
        languages = Set(resumption.rest.map(\.language))
        hasOutputFile = output != nil
        self.jobs = jobs
    }

    /// Verifies what is left and prints the summary. Returns the exit code.
    func run(summaryAsJSON: Bool) async throws(InvalidInput) -> Int32 {
        let progress = ProgressMeter(total: resumption.rest.count, skipped: resumption.kept.count)
        let verdicts = Collected()
        let (records, log, jobs) = (resumption.rest, log, jobs)
        let status = try await SandboxSession.verify(languages) { parts in
            do throws(InvalidInput) {
                try await CorpusVerifier(parts.verifier).verify(records, jobs: jobs) {
                    record, result throws(InvalidInput) in
                    try await log.append(VerdictLine.text(record, result))
                    verdicts.add(CompletedVerdict(record, result.verdict))
                    progress.completed(result.verdict.outcome)
                }
                try await log.synchronize()
                return .success(0)
            } catch {
                return .failure(error)
            }
        }
        progress.finish()
        let kept = resumption.kept
        let summary = VerdictSummary(kept + verdicts.all, planned: kept.count + records.count)
        show(summary, asJSON: summaryAsJSON)
        return status == 0 ? summary.exitCode : status
    }

    private func show(_ summary: VerdictSummary, asJSON: Bool) {
        if !asJSON {
            Console.talk(SummaryText.text(summary, canResume: hasOutputFile))
        } else if hasOutputFile {
            Console.result(summary.json.text + "\n")
        } else {
            Console.talk(summary.json.text + "\n")
        }
    }

    /// The verdicts of this run, as they come.
    private final class Collected: Sendable {
        private let verdicts = Mutex<[CompletedVerdict]>([])

        var all: [CompletedVerdict] { verdicts.withLock { $0 } }

        func add(_ verdict: CompletedVerdict) { verdicts.withLock { $0.append(verdict) } }
    }
}
