/// How a run of an epic, rock or issue ended; stored in its session.
package enum RunOutcome: Sendable, Hashable {
    /// Every issue is done or canceled.
    case completed
    /// Everything that could be worked on was, and some of it failed.
    case completedWithFailures
    /// Nothing more can be worked on, although nothing failed in this run.
    case stalled(Stall)
    /// Somebody stopped it.
    case cancelled
    /// The run itself failed; the sentence says why.
    case failed(String)

    /// What holds a stalled run.
    package enum Stall: String, Sendable, CaseIterable {
        /// Issues wait for each other.
        case cycle
        /// All that is left waits for a blocked card.
        case blocked
        /// Work was possible, and no card moved.
        case noProgress = "no_progress"
    }

    /// The word in the store and in results: `completed`, `completed_with_failures`, `stalled_cycle`, ...
    package var code: String {
        switch self {
        case .completed: "completed"
        case .completedWithFailures: "completed_with_failures"
        case .stalled(let stall): "stalled_" + stall.rawValue
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }

    /// The outcome with the word `code`; `detail` is the sentence of a failure. Nil for another word.
    package init?(code: String, detail: String = "") {
        let known: [RunOutcome] =
            [.completed, .completedWithFailures, .cancelled, .failed(detail)] + Stall.allCases.map(RunOutcome.stalled)
        guard let outcome = known.first(where: { $0.code == code }) else { return nil }
        self = outcome
    }

    /// The process exit status of a command that ends so.
    package var exitCode: Int32 {
        switch self {
        case .completed: 0
        case .completedWithFailures, .stalled: 1
        case .cancelled: 130
        case .failed: 3
        }
    }
}
