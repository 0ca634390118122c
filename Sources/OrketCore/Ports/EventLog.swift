/// The histories of cards: appended, never changed, never removed.
package protocol EventLog: Sendable {
    /// Entries of one card, or of all, in their order; at most `limit` that come after the number `after`.
    func events(of card: CardID?, after number: Int64, limit: Int) async throws(StoreError) -> [CardEvent]

    /// Adds what somebody has to say about a card.
    @discardableResult
    func comment(
        _ card: CardID, _ text: String, by author: String, at time: UTCTime
    ) async throws(StoreError) -> CardComment

    /// Comments on a card, the oldest first.
    func comments(on card: CardID) async throws(StoreError) -> [CardComment]
}

/// One entry of a card's history: what made its version what it is.
package struct CardEvent: Sendable, Hashable {
    /// What happened; the raw values stand in the store. A system event has its own name there.
    package enum Cause: Sendable, Hashable {
        /// The files named the card for the first time.
        case created
        /// The files say something else of it, or name it no more.
        case defined
        case assigned
        /// A step of the table of transitions.
        case moved
        case system(SystemEvent)

        package var text: String {
            switch self {
            case .created: "created"
            case .defined: "defined"
            case .assigned: "assigned"
            case .moved: "moved"
            case .system(let event): event.rawValue
            }
        }

        /// Nil for a word that stands for none.
        package init?(_ text: String) {
            let words: [Cause] = [.created, .defined, .assigned, .moved] + SystemEvent.allCases.map(Cause.system)
            guard let cause = words.first(where: { $0.text == text }) else { return nil }
            self = cause
        }
    }

    /// Place in the history of all cards, from 1 without gaps.
    package var number: Int64
    package var card: CardID
    /// Of the card, after it: from 1 without gaps.
    package var version: Int64
    package var at: UTCTime
    package var actor: Actor
    package var cause: Cause
    /// Sorted.
    package var roles: [RoleID]
    /// Nil for the first entry.
    package var from: CardStatus?
    package var to: CardStatus
    package var waitReason: WaitReason?
    /// May be empty; may quote strangers: escape it before it meets a terminal.
    package var reason: String
    /// What an issue became done on, as an object; nil otherwise.
    package var evidence: JSONValue?

    /// An entry of all its parts.
    package init(
        number: Int64, card: CardID, version: Int64, at: UTCTime, actor: Actor, cause: Cause, roles: [RoleID],
        from: CardStatus?, to: CardStatus, waitReason: WaitReason?, reason: String, evidence: JSONValue?
    ) {
        self.number = number
        self.card = card
        self.version = version
        self.at = at
        self.actor = actor
        self.cause = cause
        self.roles = roles
        self.from = from
        self.to = to
        self.waitReason = waitReason
        self.reason = reason
        self.evidence = evidence
    }
}

/// What somebody said about a card.
package struct CardComment: Sendable, Hashable {
    package var number: Int64
    package var card: CardID
    package var at: UTCTime
    /// 1...256 bytes.
    package var author: String
    /// 1...65536 bytes. A stranger's: escape it.
    package var text: String

    /// A comment of all its parts.
    package init(number: Int64, card: CardID, at: UTCTime, author: String, text: String) {
        self.number = number
        self.card = card
        self.at = at
        self.author = author
        self.text = text
    }
}
