import OrketCore
import OrketVerify
import Testing

@Suite("Verdict rules")
struct VerdictRulesTests {
    struct Row: CustomTestStringConvertible {
        var name: String
        var compile: RunResult?
        var trials = [Trial(name: "")]
        var results: [RunResult]
        var outcome: Outcome
        var codes: [ReasonCode]

        var testDescription: String { name }
    }

    private static let two = [
        Trial(name: "case 1", expectedStdout: Array("1\n".utf8)),
        Trial(name: "case 2", expectedStdout: Array("2\n".utf8)),
    ]
    private static let status3 = [Trial(name: "", expectedExit: 3, expectedStdout: Array("x".utf8))]
    private static let ok = Results.exited(0)

    static let rows: [Row] = [
        Row(name: "exit 0", results: [ok], outcome: .passed, codes: []),
        Row(name: "compile and run exit 0", compile: ok, results: [ok], outcome: .passed, codes: []),
        Row(name: "exit 1", results: [Results.exited(1)], outcome: .failed, codes: [.nonzeroExit]),
        Row(
            name: "compiler's own exit", compile: Results.exited(1), results: [], outcome: .failed,
            codes: [.compileError]),
        Row(
            name: "compiler crash", compile: Results.stopped(.failed, .signal, exit: .signaled(11)), results: [],
            outcome: .failed, codes: [.compileError]),
        Row(
            name: "compiler out of memory", compile: Results.stopped(.failed, .memory), results: [], outcome: .failed,
            codes: [.compileError, .memory]),
        Row(
            name: "compiler hangs", compile: Results.stopped(.failed, .wallTime), results: [], outcome: .failed,
            codes: [.compileError, .wallTime]),
        Row(
            name: "compile sandbox fails", compile: Results.stopped(.inconclusive, .sandboxSetupFailed), results: [],
            outcome: .inconclusive, codes: [.sandboxSetupFailed]),
        Row(
            name: "compile leaves links", compile: Results.stopped(.rejected, .artifactRejected, exit: .exited(0)),
            results: [], outcome: .rejected, codes: [.artifactRejected]),
        Row(
            name: "compile passes without a status", compile: Results.stopped(.passed, exit: nil), results: [ok],
            outcome: .inconclusive, codes: [.supervisorLostChild]),
        Row(
            name: "run sandbox fails", compile: ok,
            results: [Results.stopped(.inconclusive, .sandboxSetupFailed, .hostResource)],
            outcome: .inconclusive, codes: [.sandboxSetupFailed, .hostResource]),
        Row(
            name: "cancelled", results: [Results.stopped(.cancelled, .cancelled)], outcome: .cancelled,
            codes: [.cancelled]),
        Row(name: "time", results: [Results.stopped(.failed, .wallTime)], outcome: .failed, codes: [.wallTime]),
        Row(
            name: "memory beside a status",
            results: [Results.stopped(.failed, .nonzeroExit, .memory, exit: .exited(1))],
            outcome: .failed, codes: [.memory, .nonzeroExit]),
        Row(name: "signal", results: [Results.stopped(.failed, .signal)], outcome: .failed, codes: [.signal]),
        Row(
            name: "passed without a status", results: [Results.stopped(.passed, exit: nil)], outcome: .inconclusive,
            codes: [.supervisorLostChild]),
        Row(
            name: "passed with a status that failed", results: [Results.stopped(.passed, exit: .exited(1))],
            outcome: .inconclusive, codes: [.supervisorLostChild]),
        Row(
            name: "failed without a reason", results: [Results.stopped(.failed, exit: .exited(0))],
            outcome: .inconclusive, codes: [.supervisorLostChild]),
        Row(name: "no trial", trials: [], results: [], outcome: .failed, codes: [.noTestsRan]),
        Row(name: "no result", results: [], outcome: .inconclusive, codes: [.supervisorLostChild]),
        Row(
            name: "both cases right", trials: two,
            results: [Results.exited(0, stdout: "1\n"), Results.exited(0, stdout: "2")], outcome: .passed, codes: []),
        Row(
            name: "second case wrong", trials: two,
            results: [Results.exited(0, stdout: "1\n"), Results.exited(0, stdout: "1")], outcome: .failed,
            codes: [.wrongOutput]),
        Row(
            name: "first case wrong, the rest not run", trials: two, results: [Results.exited(0, stdout: "PASSED")],
            outcome: .failed, codes: [.wrongOutput]),
        Row(
            name: "second case has no result", trials: two, results: [Results.exited(0, stdout: "1")],
            outcome: .inconclusive, codes: [.supervisorLostChild]),
        Row(
            name: "wrong and nonzero", trials: two, results: [Results.exited(2, stdout: "no")], outcome: .failed,
            codes: [.nonzeroExit, .wrongOutput]),
        Row(
            name: "a stopped program is not compared", trials: two, results: [Results.stopped(.failed, .outputLimit)],
            outcome: .failed, codes: [.outputLimit]),
        Row(
            name: "our failure outweighs the program's", trials: two,
            results: [Results.exited(0, stdout: "no"), Results.stopped(.inconclusive, .supervisorLostChild)],
            outcome: .inconclusive, codes: [.supervisorLostChild, .wrongOutput]),
        Row(
            name: "right output, wrong status", trials: status3, results: [Results.exited(0, stdout: "x")],
            outcome: .failed, codes: [.resultMismatch]),
        Row(
            name: "status 3 as expected", trials: status3, results: [Results.exited(3, stdout: "x")], outcome: .passed,
            codes: []),
        Row(
            name: "blames the host", trials: two,
            results: [Results.exited(1, stdout: "Cannot allocate memory", stderr: "No space left on device")],
            outcome: .failed, codes: [.nonzeroExit, .wrongOutput]),
    ]

    @Test("concludes from host facts only", arguments: rows)
    func concludes(row: Row) {
        let verdict = VerdictRules.verdict(compile: row.compile, trials: row.trials, results: row.results)
        #expect(verdict.outcome == row.outcome)
        #expect(verdict.reasons.map(\.code) == row.codes)
        #expect(verdict.reasons.isEmpty == (verdict.outcome == .passed))
        #expect(verdict.reasons.allSatisfy { $0.source == .host })
    }

    @Test("reasons are sorted by precedence and keep their order among equals")
    func sortsReasons() {
        let verdict = Verdict(
            .failed, [Reason(.wrongOutput, "b"), Reason(.memory, ""), Reason(.wrongOutput, "a"), Reason(.cpuTime, "")])
        #expect(verdict.reasons.map(\.code) == [.memory, .cpuTime, .wrongOutput, .wrongOutput])
        #expect(verdict.reasons.suffix(2).map(\.detail) == ["b", "a"])
    }
}
