/// Why a card stays where it is: every reason at once.
package struct TransitionRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// One reason.
    package struct Problem: Sendable, Hashable {
        /// Closed; the raw values stand in results of commands.
        package enum Code: String, Sendable, CaseIterable {
            case noSuchTransition = "no_such_transition"
            /// The card changed after it was read.
            case staleVersion = "stale_version"
            case waitReasonMissing = "wait_reason_missing"
            case roleMissing = "role_missing"
            case evidenceMissing = "evidence_missing"
            /// Evidence for another card.
            case evidenceMismatch = "evidence_mismatch"
            case dependencyUnresolved = "dependency_unresolved"
            case childrenOpen = "children_open"
            case actorNotAllowed = "actor_not_allowed"
            case reasonMissing = "reason_missing"
            case reasonTooLong = "reason_too_long"
            case attemptsExhausted = "attempts_exhausted"
        }

        package let code: Code
        /// A sentence without full stop that says what to do.
        package let detail: String

        init(_ code: Code, _ detail: String) {
            self.code = code
            self.detail = detail
        }
    }

    package let card: CardID
    /// Never empty, in the order of the codes.
    package let problems: [Problem]

    package var description: String {
        "card '\(card)': " + problems.map { "\($0.detail) (\($0.code.rawValue))" }.joined(separator: "; ")
    }
}
