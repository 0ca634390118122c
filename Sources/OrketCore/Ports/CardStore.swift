/// The cards of one board, of every type; `WorkStore` is what a run needs of the issues among them. Whoever keeps them guarantees: status changes by `change` alone; a change is a compare-and-set
/// together with its entry of the history, in one transaction; what was acknowledged survives a crash.
package protocol CardStore: Sendable {
    /// Brings the cards to what the files of the board say, all of them or none: new cards begin, changed ones get the new
    /// definition, and those that are named no more stay and are marked. No status changes.
    ///
    /// - Parameter stamp: what the files looked like; `stamp` answers with it from now on.
    @discardableResult
    func define(
        _ definitions: [CardDefinition], stamp: String, by actor: Actor, at time: UTCTime
    ) async throws(StoreError) -> BoardChange

    /// What the files looked like when they were taken over last; nil before.
    func stamp() async throws(StoreError) -> String?

    /// The card; nil when there is none.
    func card(_ id: CardID) async throws(StoreError) -> CardRecord?

    /// Cards in the order of their creation, at most `limit`, that come after the card with the number `after`.
    func cards(_ filter: CardFilter, limit: Int, after number: Int64) async throws(StoreError) -> [CardRecord]

    /// How many cards fit.
    func count(_ filter: CardFilter) async throws(StoreError) -> Int

    /// What the files say of the card; nil when there is none.
    func definition(_ id: CardID) async throws(StoreError) -> CardDefinition?

    /// The only way to another status. Reads the facts, lets `StateMachine` decide, and writes status, version, history
    /// and, where the card became done, the ledger. Nothing is written when it is already so; the card is returned either way.
    @discardableResult
    func change(_ request: TransitionRequest) async throws(WorkStoreFailure) -> CardRecord

    /// Names who works on a card; nil for nobody. Refused when the card changed since `version`.
    @discardableResult
    func assign(
        _ id: CardID, version: Int64, to assignee: String?, by actor: Actor, at time: UTCTime
    ) async throws(WorkStoreFailure) -> CardRecord
}

/// Which cards are meant; nil and empty ask nothing.
package struct CardFilter: Sendable, Hashable {
    package var type: CardType?
    /// Any of them.
    package var statuses: Set<CardStatus> = []
    package var waitReason: WaitReason?
    package var parent: CardID?
    package var seat: SeatID?
    package var assignee: String?
    /// Without it also those that the files name no more.
    package var isDefined: Bool?

    /// All cards.
    package init(
        type: CardType? = nil, statuses: Set<CardStatus> = [], waitReason: WaitReason? = nil, parent: CardID? = nil,
        seat: SeatID? = nil, assignee: String? = nil, isDefined: Bool? = nil
    ) {
        self.type = type
        self.statuses = statuses
        self.waitReason = waitReason
        self.parent = parent
        self.seat = seat
        self.assignee = assignee
        self.isDefined = isDefined
    }
}

/// What `define` changed.
package struct BoardChange: Sendable, Hashable {
    package var added: [CardID] = []
    package var changed: [CardID] = []
    /// Named by no file any more.
    package var removed: [CardID] = []

    /// Nothing.
    package init() {}

    package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }
}
