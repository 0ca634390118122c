import OrketCore
import Testing

@Suite("Retries, budgets and outcomes")
struct WorkRuleTests {
    private static func fingerprint(_ number: UInt8) -> FailureFingerprint {
        FailureFingerprint(GateSamples.digest(number))
    }

    private static func attempt(_ number: Int, workMs: Int64 = 0, verificationMs: Int64 = 0) -> IssueAttempt {
        var attempt = IssueAttempt(
            issue: CardID("a")!, session: SessionID("s")!, number: number, startedAt: UTCTime(milliseconds: 0))
        attempt.workMs = workMs
        attempt.verificationMs = verificationMs
        return attempt
    }

    @Test(
        "what differs from try to try makes no other failure",
        arguments: [
            ("line 12: Error at 0xDEADbeef", "Line  7:\n error at 0x01"), ("took 1.5s", "took 22.75s"),
            ("a\u{1b}\tb ", "a b"), ("pid 1", "PID 99999"),
        ])
    func sameShape(a: String, b: String) {
        #expect(FailureShape.normalised(a) == FailureShape.normalised(b))
    }

    @Test(
        "what says something makes another failure",
        arguments: [
            ("wrong output", "wrong type"), ("a b", "ab"), ("é", "e"), ("x#", "y#"), ("", "a"),
        ])
    func otherShape(a: String, b: String) {
        #expect(FailureShape.normalised(a) != FailureShape.normalised(b))
    }

    @Test("a shape is of the kind and all reasons in any order, and is bounded")
    func shapes() {
        let reasons = [(code: "b", detail: "x 1"), (code: "a", detail: "y")]
        let shape = FailureShape(.refused, reasons: reasons)
        #expect(shape.text == "refused\na y\nb x #")
        #expect(FailureShape(.refused, reasons: reasons.reversed() + reasons) == shape)
        #expect(FailureShape(.workFailed, reasons: reasons) != shape)
        #expect(FailureShape.normalised(String(repeating: "a", count: 100_000)).utf8.count == 4_096)
    }

    @Test("identical failures end early, within the last ten only")
    func stuck() {
        let rules = RetryRules(identicalFailures: 3)!
        let (a, b) = (Self.fingerprint(1), Self.fingerprint(2))
        #expect(!rules.isStuck([]))
        #expect(!rules.isStuck([a, a]))
        #expect(rules.isStuck([a, a, a]))
        #expect(rules.isStuck([a, b, a, b, a]))
        #expect(!rules.isStuck([a, a, a, b]))
        #expect(!rules.isStuck([a, a, a, nil]))
        #expect(
            !rules.isStuck(
                [a, a] + [FailureFingerprint?](repeating: b, count: 1) + [nil, nil, nil, nil, nil, nil, nil, nil, a]))
    }

    @Test("waiting times double from the first to the longest, spread over half, and never overflow")
    func delays() {
        let rules = RetryRules(firstDelayMs: 1_000, maximumDelayMs: 60_000)!
        #expect(
            (0...8).map { rules.delayMs(afterFailures: $0, chance: 0) } == [
                0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
            ])
        #expect(rules.delayMs(afterFailures: 1, chance: 1) == 500)
        #expect(rules.delayMs(afterFailures: .max, chance: 0) == 60_000)
        #expect(rules.delayMs(afterFailures: 3, chance: .infinity) == 2_000)
        #expect(RetryRules(firstDelayMs: 0)!.delayMs(afterFailures: 5, chance: 0) == 0)
        #expect(RetryRules(identicalFailures: 1) == nil)
        #expect(RetryRules(identicalFailures: 11) == nil)
        #expect(RetryRules(firstDelayMs: 2, maximumDelayMs: 1) == nil)
    }

    @Test("a budget is over all attempts, and verification is part of the wall time")
    func budgets() {
        let budget = IssueBudget(maxRetries: 2, wallMs: 1_000, verificationMs: 300)!
        let use = BudgetUse([Self.attempt(1, workMs: 500, verificationMs: 100), Self.attempt(2, workMs: 300)])
        #expect(use.attemptsLeft(budget) == 1)
        #expect(use.wallMsLeft(budget) == 100)
        #expect(use.verificationMsLeft(budget) == 100)
        #expect(use.exhausted(budget) == [])
        let all = BudgetUse([Self.attempt(1, workMs: 900, verificationMs: 300), Self.attempt(2), Self.attempt(3)])
        #expect(all.exhausted(budget) == [.attempts, .wallTime, .verificationTime])
        #expect(BudgetUse([Self.attempt(1, workMs: -5)]).wallMsLeft(budget) == 1_000)
    }

    @Test("what somebody stopped and what a crash ended uses up no attempt, but the time that it took")
    func countedAttempts() {
        let budget = IssueBudget(maxRetries: 0, wallMs: 1_000, verificationMs: 300)!
        for kind in AttemptResult.Kind.allCases {
            var attempt = Self.attempt(1, workMs: 10)
            attempt.result = AttemptResult(kind)
            let use = BudgetUse([attempt])
            #expect(use.attemptsLeft(budget) == (kind == .cancelled || kind == .interrupted ? 1 : 0))
            #expect(use.wallMsLeft(budget) == 990)
        }
    }

    @Test("widths are bounded")
    func widths() {
        #expect(RunRules(width: 1, verificationWidth: 1_024) != nil)
        #expect(RunRules(width: 0, verificationWidth: 1) == nil)
        #expect(RunRules(width: 1, verificationWidth: 1_025) == nil)
        #expect(RunRules.OnFailure.allCases.map(\.rawValue) == ["continue", "stop-new", "abort"])
    }

    @Test(
        "an outcome says what happened: nothing failed or stalled is called completed",
        arguments: [
            ([.done, .alreadyDone, .canceled], RunOutcome.completed), ([.done, .failed], .completedWithFailures),
            ([.done, .failed, .unreached, .waiting], .completedWithFailures),
            ([.done, .skipped], .completedWithFailures),
            ([.done, .waiting], .stalled(.blocked)), ([.waiting, .unreached], .stalled(.blocked)),
            ([.done, .unreached], .stalled(.noProgress)), ([], .stalled(.noProgress)),
        ] as [([IssueResult.Kind], RunOutcome)])
    func outcomes(kinds: [IssueResult.Kind], outcome: RunOutcome) {
        let results = kinds.map { IssueResult(CardID("a")!, $0) }
        #expect(RunOutcome.conclude(results, wasCancelled: false) == outcome)
        #expect(RunOutcome.conclude(results, wasCancelled: true) == .cancelled)
    }

    @Test("a cycle stalls a run and says so; it does not end it as done")
    func cycleStalls() {
        let results = [IssueResult(CardID("a")!, .unreached)]
        #expect(RunOutcome.conclude(results, wasCancelled: false, hasCycle: true) == .stalled(.cycle))
    }
}
