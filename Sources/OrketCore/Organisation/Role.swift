/// What a seat does: a persona with its tools.
package struct Role: Sendable, Hashable {
    package var id: RoleID
    package var description: String
    package var intent: String?
    package var responsibilities: [String] = []
    package var constraints: [String] = []
    package var prompt: String?
    /// Tools that the role may use; none that is not named.
    package var tools: [String] = []
    /// Always an object.
    package var policy = JSONValue.object([])
    /// Kinds of issues that it takes; nil for all.
    package var issueTypes: [String]?

    /// A role without tools.
    package init(id: RoleID, description: String) {
        self.id = id
        self.description = description
    }
}

/// A place in a team.
package struct Seat: Sendable, Hashable {
    package var id: SeatID
    /// As people write it.
    package var name: String
    /// In the order of the file; the first one works.
    package var roles: [RoleID]

    /// A seat with its roles.
    package init(id: SeatID, name: String, roles: [RoleID]) {
        self.id = id
        self.name = name
        self.roles = roles
    }
}

/// The seats that work on an epic.
package struct Team: Sendable, Hashable {
    package var id: TeamID
    package var description: String?
    /// In the order of the file.
    package var seats: [Seat]
    /// Roles that are written down in the team; they hide those with files of their own.
    package var roles: [Role] = []

    /// A team of `seats`.
    package init(id: TeamID, description: String? = nil, seats: [Seat]) {
        self.id = id
        self.description = description
        self.seats = seats
    }
}
