/// A change of status that is no step of the usual way: what the engine does when things go wrong, and what a person does to
/// what nobody else may touch. Each has its own guard; none is a way around `StateMachine`.
package enum SystemEvent: String, Sendable, CaseIterable {
    /// An attempt failed and there are attempts left.
    case requeue
    /// A process ended while it worked on the card; nobody works on it now.
    case recover
    /// Out of attempts or of budget, or failed alike too often: somebody has to look.
    case exhaust
    /// Our own side failed: no sandbox, no disk, no verifier.
    case infrastructureBlocked = "infrastructure_blocked"
    /// Something it depends on cannot be done any more.
    case dependencyBlocked = "dependency_blocked"
    /// What it waited for is there.
    case unblock
    /// A person gives the card up.
    case cancel
    /// A person wants it worked on again, also when it was done.
    case reset
    /// A person puts a finished card away.
    case archive

    /// What may happen when.
    package struct Rule: Sendable {
        package let types: Set<CardType>
        package let from: Set<CardStatus>
        package let to: CardStatus
        package let actors: Set<Actor.Kind>
        /// Stored with the card where it goes; nil where it waits for nothing.
        package let waitReason: WaitReason?
    }

    /// The row of the table of events.
    package var rule: Rule {
        let inWork: Set<CardStatus> = [.inProgress, .readyForTesting, .codeReview]
        let open = inWork.union([.ready, .blocked, .waitingForDeveloper])
        let cards: Set<CardType> = [.issue, .epic, .rock]
        return switch self {
        case .requeue, .recover:
            Rule(types: [.issue], from: inWork, to: .ready, actors: [.engine], waitReason: nil)
        case .exhaust:
            Rule(types: [.issue], from: inWork, to: .blocked, actors: [.engine], waitReason: .review)
        case .infrastructureBlocked:
            Rule(types: [.issue], from: inWork.union([.ready]), to: .blocked, actors: [.engine], waitReason: .system)
        case .dependencyBlocked:
            Rule(types: [.issue], from: [.ready], to: .blocked, actors: [.engine], waitReason: .dependency)
        case .unblock:
            Rule(types: [.issue], from: [.blocked], to: .ready, actors: [.engine, .person], waitReason: nil)
        case .cancel:
            Rule(types: cards, from: open, to: .canceled, actors: [.person, .forge], waitReason: nil)
        case .reset:
            Rule(
                types: cards, from: Set(CardStatus.allCases).subtracting([.ready, .archived]), to: .ready,
                actors: [.person], waitReason: nil)
        case .archive:
            Rule(types: cards, from: [.done, .canceled], to: .archived, actors: [.person], waitReason: nil)
        }
    }

    /// True where history must say why.
    package var needsReason: Bool { self != .recover && self != .unblock && self != .archive }
}
