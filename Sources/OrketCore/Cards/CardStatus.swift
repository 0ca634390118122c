/// Where a card stands. The raw values stand in files and in the store; `canceled` has one l in them.
package enum CardStatus: String, Sendable, CaseIterable {
    case ready
    case inProgress = "in_progress"
    case blocked
    case waitingForDeveloper = "waiting_for_developer"
    case readyForTesting = "ready_for_testing"
    case codeReview = "code_review"
    case done
    case canceled
    /// Put away: no transition leads here or away.
    case archived

    /// No transition of the table leaves it; only an operator's reset does.
    package var isFinal: Bool { self == .done || self == .canceled || self == .archived }

    /// A card stands here because of something named: a wait reason is stored with it, and cleared when it leaves.
    package var needsWaitReason: Bool { self == .blocked || self == .waitingForDeveloper }
}

/// Why a card waits.
package enum WaitReason: String, Sendable, CaseIterable {
    /// A person, role or slot.
    case resource
    /// Another card.
    case dependency
    /// Somebody's approval.
    case review
    /// Information from outside.
    case input
    /// Capacity or availability of the system.
    case system
}
