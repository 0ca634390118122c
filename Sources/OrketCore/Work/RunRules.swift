/// How a run goes on.
package struct RunRules: Sendable, Hashable {
    /// What a failed issue means for the others. None of these takes anything away from what is already running but `abort`.
    package enum OnFailure: String, Sendable, CaseIterable {
        /// Everything that does not depend on it goes on.
        case proceed = "continue"
        /// What runs is finished, nothing new is begun.
        case stopNew = "stop-new"
        /// What runs is stopped and put back.
        case abort
    }

    /// Issues that are worked on at once.
    package var width: Int
    /// Issues that are verified at once: a lane of its own, so that long work never keeps verdicts waiting.
    package var verificationWidth: Int
    package var onFailure: OnFailure
    package var retry: RetryRules

    /// Nil where a width is out of bounds.
    package init?(
        width: Int, verificationWidth: Int, onFailure: OnFailure = .proceed, retry: RetryRules = RetryRules()
    ) {
        guard Self.widths.contains(width), Self.widths.contains(verificationWidth) else { return nil }
        self.width = width
        self.verificationWidth = verificationWidth
        self.onFailure = onFailure
        self.retry = retry
    }

    package static let widths = 1...1_024
}

extension RunOutcome {
    /// What a run comes to that went on until nothing more could be begun. A run without an issue has completed nothing.
    package static func conclude(_ results: [IssueResult], wasCancelled: Bool, hasCycle: Bool = false) -> RunOutcome {
        if wasCancelled { return .cancelled }
        let kinds = Set(results.map(\.kind))
        if !kinds.isEmpty, kinds.isSubset(of: [.done, .alreadyDone, .canceled]) { return .completed }
        if kinds.contains(.failed) || kinds.contains(.skipped) { return .completedWithFailures }
        if hasCycle { return .stalled(.cycle) }
        return .stalled(kinds.contains(.waiting) ? .blocked : .noProgress)
    }
}
