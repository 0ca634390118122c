/// A card that holds epics, each worked on by a department.
package struct Rock: Sendable, Hashable, Identifiable {
    /// One epic with the department that works on it.
    package struct Entry: Sendable, Hashable {
        package var epic: CardID
        package var department: DepartmentID

        /// An epic of a rock.
        package init(epic: CardID, department: DepartmentID) {
            self.epic = epic
            self.department = department
        }
    }

    /// Its `type` is `rock`.
    package var card: Card
    package var task: String?
    /// In the order of the file; no epic twice.
    package var epics: [Entry]
    package var metrics: IssueMetrics?
    package var lessons: [Lesson] = []

    /// A rock of `epics`.
    package init(id: CardID, name: String? = nil, epics: [Entry]) {
        card = Card(id: id, type: .rock, name: name)
        self.epics = epics
    }

    package var id: CardID { card.id }
}
