/// What every rock, epic, issue and role has.
package struct Card: Sendable, Hashable {
    package var id: CardID
    package var name: String?
    package var type: CardType
    package var status = CardStatus.ready
    package var description: String?
    package var note: String?
    package var priority = Priority.medium
    /// Present exactly when `status.needsWaitReason`.
    package var waitReason: WaitReason?
    package var parent: CardID?
    package var build: BuildID?
    package var department = DepartmentID.core
    package var labels: [String] = []
    /// Places that the worker of the card may read besides its workspace.
    package var references: [String] = []
    /// Always an object.
    package var parameters = JSONValue.object([])

    /// A card that is ready.
    package init(id: CardID, type: CardType = .issue, name: String? = nil) {
        self.id = id
        self.type = type
        self.name = name
    }
}
