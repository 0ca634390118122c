/// What somebody wants to become of a card. `StateMachine` makes a `Transition` of it, or refuses.
package struct TransitionRequest: Sendable {
    /// A step of the table, or an event of the system.
    package enum Change: Sendable {
        case move(CardStatus)
        case event(SystemEvent)
    }

    package var card: CardID
    /// Version of the card when the decision to ask was made: a card that changed since refuses.
    package var version: Int64
    package var change: Change
    package var actor: Actor
    /// Roles in which the actor acts.
    package var roles: Set<RoleID>
    /// For a move to where a card waits.
    package var waitReason: WaitReason?
    /// For a move of an issue to `done`.
    package var evidence: VerifiedEvidence?
    /// Why, for the history; at most `maximumReasonBytes`.
    package var reason: String
    package var at: UTCTime

    /// A request of `actor` about `card`.
    package init(
        _ card: CardID, version: Int64, _ change: Change, by actor: Actor, roles: Set<RoleID> = [],
        waitReason: WaitReason? = nil, evidence: VerifiedEvidence? = nil, reason: String = "", at: UTCTime
    ) {
        self.card = card
        self.version = version
        self.change = change
        self.actor = actor
        self.roles = roles
        self.waitReason = waitReason
        self.evidence = evidence
        self.reason = reason
        self.at = at
    }

    package static let maximumReasonBytes = 16 << 10
}

/// What the store knows of a card, read in the transaction that writes the transition.
package struct TransitionFacts: Sendable {
    package var type: CardType
    package var status: CardStatus
    /// From 1; one more with every transition.
    package var version: Int64
    package var waitReason: WaitReason?
    /// Cards that it depends on and that are not done.
    package var openDependencies: [CardID]
    /// Cards in it that are neither done, canceled nor archived.
    package var openChildren: [CardID]
    /// Attempts that its budget leaves; nil for cards without one.
    package var attemptsLeft: Int?

    /// Facts about one card.
    package init(
        type: CardType, status: CardStatus, version: Int64 = 1, waitReason: WaitReason? = nil,
        openDependencies: [CardID] = [], openChildren: [CardID] = [], attemptsLeft: Int? = nil
    ) {
        self.type = type
        self.status = status
        self.version = version
        self.waitReason = waitReason
        self.openDependencies = openDependencies
        self.openChildren = openChildren
        self.attemptsLeft = attemptsLeft
    }
}
