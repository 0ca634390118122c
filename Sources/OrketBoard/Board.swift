package import OrketCore

/// A whole board as its files say it, without a defect.
package struct Board: Sendable {
    package var organisation: Organisation
    package var departments: [Department]
    package var teams: [Team]
    package var roles: [Role]
    package var environments: [ModelEnvironment]
    package var dialects: [Dialect]
    package var rocks: [Rock]
    /// Each with its issues, also those that have files of their own.
    package var epics: [Epic]
    /// Fixtures that issues name, beneath the board's directory of fixtures, with the places where they are named.
    package var fixtures: [(path: String, place: Place)]
    /// SHA-256 of all its files: what a run was configured with.
    package var digest: HexDigest

    /// All cards for the store: rocks, then each epic with its issues after it, with parents and builds.
    package var definitions: [CardDefinition] {
        let rock = Dictionary(rocks.flatMap { rock in rock.epics.map { ($0.epic, rock.id) } }) { first, _ in first }
        var all = rocks.map(CardDefinition.rock)
        for epic in epics {
            let build = BuildID(epic: epic.id, rock: rock[epic.id])
            var alone = epic
            alone.issues = []
            alone.card.parent = rock[epic.id]
            alone.card.build = build
            all.append(.epic(alone))
            for var issue in epic.issues {
                issue.card.build = build
                all.append(.issue(issue))
            }
        }
        return all
    }
}
