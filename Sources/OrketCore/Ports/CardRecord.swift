/// A card as it stands in the store: what lists, graphs and decisions need. Everything else is in its definition.
package struct CardRecord: Sendable, Hashable, Identifiable {
    package var id: CardID
    package var type: CardType
    package var status: CardStatus
    package var waitReason: WaitReason?
    /// From 1; one more with every entry of its history.
    package var version: Int64
    /// Order of creation, from 1.
    package var number: Int64
    /// The epic of an issue, the rock of an epic.
    package var parent: CardID?
    package var build: BuildID?
    package var department: DepartmentID
    package var name: String?
    /// Nil for all but issues.
    package var seat: SeatID?
    package var assignee: String?
    package var sprint: Sprint?
    package var priority: Priority
    /// In the order of the file.
    package var dependsOn: [CardID]
    /// Attempts so far, whatever became of them.
    package var attempts: Int
    package var createdAt: UTCTime
    /// Since when it has its status.
    package var enteredAt: UTCTime
    /// False when the files of the board name it no more; it stays, with its history.
    package var isDefined: Bool

    /// A ready card; the rest is set where it is known.
    package init(id: CardID, type: CardType, number: Int64, priority: Priority, createdAt: UTCTime) {
        self.id = id
        self.type = type
        self.number = number
        self.priority = priority
        self.createdAt = createdAt
        enteredAt = createdAt
        status = .ready
        version = 1
        department = .core
        dependsOn = []
        attempts = 0
        isDefined = true
    }
}
