/// What files say of one card; where it stands is in the store. An epic comes without its issues, which are cards of their own.
package enum CardDefinition: Sendable, Hashable, Identifiable {
    case rock(Rock)
    case epic(Epic)
    /// Its card names the epic as `parent`.
    case issue(Issue)

    /// What every card has.
    package var card: Card {
        switch self {
        case .rock(let rock): rock.card
        case .epic(let epic): epic.card
        case .issue(let issue): issue.card
        }
    }

    package var id: CardID { card.id }

    /// Where a card may begin: everything else is reached by work, and `done` on evidence only.
    package static let firstStatuses: [CardStatus] = [.ready, .blocked, .waitingForDeveloper, .canceled, .archived]

    /// What else must be done first; empty for all but issues.
    package var dependsOn: [CardID] {
        if case .issue(let issue) = self { issue.dependsOn } else { [] }
    }

    /// The definition as it stands in the store: members in one order, what is not said left out, and so equal texts for equal
    /// definitions. `CardDefinition(json:)` reads it back.
    package var json: JSONValue {
        switch self {
        case .rock(let rock): rock.definition
        case .epic(let epic): epic.definition
        case .issue(let issue): issue.definition
        }
    }

    /// Nil, with every defect as a finding about `file`, when it is none.
    package init?(json: JSONValue, file: String, findings: inout [Finding]) {
        var reader = DefinitionReader()
        let node = json.document(Place(file: file, line: 1, column: 1))
        let definition: CardDefinition? =
            switch json[Card.Key.type.rawValue]?.string.flatMap(CardType.init(rawValue:)) {
            case .rock: reader.rock(node).map(CardDefinition.rock)
            case .epic: reader.epic(node).map { CardDefinition.epic($0.epic) }
            case .issue: reader.issue(node, of: nil).map(CardDefinition.issue)
            case .utility, .app, nil: nil
            }
        if definition == nil, reader.findings.isEmpty {
            reader.report(node.place, "`type` is none of rock, epic and issue")
        }
        findings += reader.findings
        guard let definition, reader.findings.isEmpty else { return nil }
        self = definition
    }
}
