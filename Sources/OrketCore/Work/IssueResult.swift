/// What a run made of one issue.
package struct IssueResult: Sendable, Hashable {
    /// Where it ended; the raw values stand in results of commands.
    package enum Kind: String, Sendable, CaseIterable {
        /// Done, on evidence.
        case done
        /// Done before this run began.
        case alreadyDone = "already_done"
        /// Out of attempts, or failed alike too often: blocked with its reasons.
        case failed
        /// Blocked or waiting for somebody when the run ended.
        case waiting
        /// Never started, because something it depends on was not done.
        case unreached
        /// Not started, because the run stopped first.
        case skipped
        case canceled
    }

    package var issue: CardID
    package var kind: Kind
    package var attempts: Int
    /// A sentence each; empty when done.
    package var reasons: [String]
    /// For `unreached`: the issues it waits for, directly.
    package var waitsFor: [CardID]

    /// What became of `issue`.
    package init(
        _ issue: CardID, _ kind: Kind, attempts: Int = 0, reasons: [String] = [], waitsFor: [CardID] = []
    ) {
        self.issue = issue
        self.kind = kind
        self.attempts = attempts
        self.reasons = reasons
        self.waitsFor = waitsFor
    }
}
