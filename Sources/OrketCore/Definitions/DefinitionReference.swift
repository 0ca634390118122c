/// A name that one definition uses for another one, with its place.
package struct DefinitionReference: Sendable, Hashable {
    /// What is named.
    package enum Kind: String, Sendable, CaseIterable {
        case department, team, seat, role, environment, epic, issue, fixture
    }

    package var kind: Kind
    package var name: String
    package var place: Place
    /// The card that names it; nil where none does.
    package var owner: CardID?

    /// A reference.
    package init(_ kind: Kind, _ name: String, at place: Place, owner: CardID? = nil) {
        self.kind = kind
        self.name = name
        self.place = place
        self.owner = owner
    }
}
