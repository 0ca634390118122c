/// Whether and when an issue is tried again after a failed attempt.
package struct RetryRules: Sendable, Hashable {
    /// So many failures of one kind in the last `window` ones are enough: one more would fail alike. At least 2.
    package var identicalFailures: Int
    /// Waiting time before the second attempt, milliseconds; it doubles with each further one. 0 does not wait.
    package var firstDelayMs: Int64
    /// Longest waiting time, milliseconds.
    package var maximumDelayMs: Int64

    /// Failures that are remembered.
    package static let window = 10

    /// Nil where a value is out of bounds.
    package init?(identicalFailures: Int = 3, firstDelayMs: Int64 = 1_000, maximumDelayMs: Int64 = 60_000) {
        guard (2...Self.window).contains(identicalFailures), (0...3_600_000).contains(firstDelayMs),
            (firstDelayMs...3_600_000).contains(maximumDelayMs)
        else { return nil }
        self.identicalFailures = identicalFailures
        self.firstDelayMs = firstDelayMs
        self.maximumDelayMs = maximumDelayMs
    }

    /// Three alike; a second, doubling up to a minute.
    package init() { self.init(identicalFailures: 3)! }

    /// Milliseconds to wait after `failures` failed attempts, from half of the doubled time up to all of it: `chance` of
    /// 0..<1 spreads issues that failed together.
    package func delayMs(afterFailures failures: Int, chance: Double) -> Int64 {
        if failures < 1 || firstDelayMs == 0 { return 0 }
        // 2^22 seconds are more than any maximum; a larger shift would overflow.
        let doubled = min(firstDelayMs << min(Int64(failures - 1), 22), maximumDelayMs)
        let spread = min(max(chance, 0), 1) * Double(doubled) / 2
        return doubled - Int64(spread)
    }

    /// True when the last failure has occurred often enough among the last ones. `history` has the oldest first; attempts
    /// without a fingerprint are nil.
    package func isStuck(_ history: [FailureFingerprint?]) -> Bool {
        guard let last = history.last ?? nil else { return false }
        return history.suffix(Self.window).count { $0 == last } >= identicalFailures
    }
}

/// What an issue has used of its budget.
package struct BudgetUse: Sendable, Hashable {
    /// Attempts that were begun and that nobody took away: see `AttemptResult.Kind.counts`.
    package var attempts: Int
    package var workMs: Int64
    package var verificationMs: Int64

    /// The sum over attempts, which are those since the issue was last reset.
    package init(_ attempts: [IssueAttempt]) {
        self.attempts = attempts.count { $0.result?.kind.counts ?? true }
        workMs = attempts.reduce(0) { $0 + $1.timeOfWork }
        verificationMs = attempts.reduce(0) { $0 + max(0, $1.verificationMs) }
    }

    /// A bound that is reached.
    package enum Exhaustion: String, Sendable, CaseIterable {
        case attempts
        case wallTime = "wall_time"
        case verificationTime = "verification_time"
    }

    /// Every bound of `budget` that leaves nothing.
    package func exhausted(_ budget: IssueBudget) -> [Exhaustion] {
        var found: [Exhaustion] = []
        if attemptsLeft(budget) < 1 { found.append(.attempts) }
        if wallMsLeft(budget) < 1 { found.append(.wallTime) }
        if verificationMsLeft(budget) < 1 { found.append(.verificationTime) }
        return found
    }

    /// Never negative.
    package func attemptsLeft(_ budget: IssueBudget) -> Int { max(0, budget.attempts - attempts) }

    /// Work and verification together; never negative.
    package func wallMsLeft(_ budget: IssueBudget) -> Int64 { max(0, budget.wallMs - workMs - verificationMs) }

    /// Of verification, within what is left of all; never negative.
    package func verificationMsLeft(_ budget: IssueBudget) -> Int64 {
        min(max(0, budget.verificationMs - verificationMs), wallMsLeft(budget))
    }
}

extension IssueAttempt {
    /// Milliseconds: measured where there is a candidate; from begin to end where work brought none.
    fileprivate var timeOfWork: Int64 {
        guard candidate == nil, let endedAt else { return max(0, workMs) }
        return max(0, workMs, endedAt.milliseconds - startedAt.milliseconds)
    }
}
