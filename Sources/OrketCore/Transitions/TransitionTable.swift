/// The changes of status that somebody may ask for, by type of card. All that is not here is refused; what the system does by
/// itself is in `SystemEvent`.
package enum TransitionTable {
    /// Where a card of `type` may go from `status`, in the order of the documentation.
    package static func targets(_ type: CardType, from status: CardStatus) -> [CardStatus] {
        switch type {
        case .issue: issue(status)
        case .epic: epic(status)
        case .rock: rock(status)
        case .utility, .app: []
        }
    }

    private static func issue(_ status: CardStatus) -> [CardStatus] {
        switch status {
        case .ready: [.inProgress, .canceled]
        case .inProgress: [.blocked, .waitingForDeveloper, .readyForTesting, .codeReview, .canceled]
        case .blocked, .waitingForDeveloper: [.inProgress, .canceled]
        case .readyForTesting: [.codeReview, .inProgress, .canceled]
        case .codeReview: [.done, .inProgress, .readyForTesting]
        case .done, .canceled, .archived: []
        }
    }

    private static func epic(_ status: CardStatus) -> [CardStatus] {
        switch status {
        case .ready: [.inProgress, .canceled]
        case .inProgress: [.codeReview, .done, .canceled]
        case .codeReview: [.done, .inProgress]
        case .blocked, .waitingForDeveloper, .readyForTesting, .done, .canceled, .archived: []
        }
    }

    private static func rock(_ status: CardStatus) -> [CardStatus] {
        switch status {
        case .ready: [.inProgress, .canceled]
        case .inProgress: [.done, .canceled]
        case .codeReview, .blocked, .waitingForDeveloper, .readyForTesting, .done, .canceled, .archived: []
        }
    }
}
