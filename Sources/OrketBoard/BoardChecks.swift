internal import OrketCore
internal import OrketSystem

/// What one file cannot know: whether the names that files use for each other lead anywhere.
struct BoardChecks {
    let directory: String
    let reader: DefinitionReader
    let departments: Set<String>
    let teams: [Team]
    let roles: [Role]
    let environments: Set<String>
    let rocks: [Rock]
    let epics: [Epic]

    var findings: [Finding] { duplicates + dangling + sharedEpics + cycles }

    private var duplicates: [Finding] {
        var first: [CardID: Place] = [:]
        return reader.declarations.compactMap { card, place in
            guard let other = first.updateValue(first[card] ?? place, forKey: card) else { return nil }
            return place.finding("duplicate card id '\(card)', first in \(other.file):\(other.line)")
        }
    }

    private var dangling: [Finding] {
        let teamNames = Set(teams.map(\.id.text))
        let roleNames = Set(roles.map(\.id.text))
        let epicNames = Set(epics.map(\.id.text))
        let issueNames = Set(epics.flatMap { $0.issues.map(\.id.text) })
        let seats = seatsByIssue
        return reader.references.compactMap { reference in
            let isKnown: Bool =
                switch reference.kind {
                case .department: departments.contains(reference.name)
                case .team: teamNames.contains(reference.name)
                case .role: roleNames.contains(reference.name)
                case .environment: environments.contains(reference.name)
                case .epic: epicNames.contains(reference.name)
                case .issue: issueNames.contains(reference.name)
                // Of an epic without its team nothing more is said here.
                case .seat: reference.owner.flatMap { seats[$0] }?.contains(reference.name) ?? true
                case .fixture: Files.exists(file(ofFixture: reference.name))
                }
            return isKnown ? nil : reference.place.finding(sentence(reference))
        }
    }

    private func file(ofFixture path: String) -> String { "\(directory)/fixtures/\(path)/fixture.yaml" }

    private func sentence(_ reference: DefinitionReference) -> String {
        let name = CanonicalText.quote(reference.name)
        return switch reference.kind {
        case .fixture: "the fixture \(name) is missing: there is no \(file(ofFixture: reference.name))"
        case .seat: "the team of its epic has no seat \(name)"
        case .department: "the organisation names no department \(name)"
        default: "there is no \(reference.kind.rawValue) \(name)"
        }
    }

    private var seatsByIssue: [CardID: Set<String>] {
        let seats = Dictionary(teams.map { ($0.id, Set($0.seats.map(\.id.text))) }) { first, _ in first }
        var found: [CardID: Set<String>] = [:]
        for epic in epics {
            guard let known = seats[epic.team] else { continue }
            for issue in epic.issues { found[issue.id] = known }
        }
        return found
    }

    /// An issue stands in one place at a time, so its epic belongs to one rock.
    private var sharedEpics: [Finding] {
        var first: [String: CardID] = [:]
        return reader.references.compactMap { reference in
            guard reference.kind == .epic, let owner = reference.owner, rocks.contains(where: { $0.id == owner }),
                let rock = first.updateValue(first[reference.name] ?? owner, forKey: reference.name), rock != owner
            else { return nil }
            return reference.place.finding("the epic '\(reference.name)' belongs to the rock '\(rock)' already")
        }
    }

    private var cycles: [Finding] {
        let nodes = epics.flatMap { $0.issues.map { GraphNode($0.id, dependsOn: $0.dependsOn) } }
        do throws(GraphDefects) {
            _ = try DependencyGraph(nodes)
            return []
        } catch {
            return error.defects.compactMap { defect in
                guard case .cycle(let cards) = defect else { return nil }
                let place = reader.references.first {
                    $0.kind == .issue && cards.contains($0.owner ?? cards[0]) && $0.name == cards.first?.text
                        || $0.kind == .issue && $0.owner == cards.first
                }?.place
                return (place ?? Place(file: directory, line: 1, column: 1)).finding(defect.description)
            }
        }
    }
}
