/// One card with what it depends on, as it is written down.
package struct GraphNode: Sendable, Hashable {
    package var id: CardID
    /// In the order of the file.
    package var dependsOn: [CardID]

    /// A card that waits for `dependsOn`.
    package init(_ id: CardID, dependsOn: [CardID] = []) {
        self.id = id
        self.dependsOn = dependsOn
    }
}

/// One thing that is wrong with a set of dependencies.
package enum GraphDefect: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLarge(nodes: Int, edges: Int)
    case duplicateCard(CardID)
    case selfDependency(CardID)
    case duplicateDependency(CardID, on: CardID)
    case missingDependency(CardID, on: CardID)
    /// Each waits for the next, and the last for the first: one shortest way around for each knot of cards.
    case cycle([CardID])

    /// The card at whose place in the file it is told.
    package var card: CardID? {
        switch self {
        case .tooLarge: nil
        case .duplicateCard(let id), .selfDependency(let id), .duplicateDependency(let id, _),
            .missingDependency(let id, _):
            id
        case .cycle(let cards): cards.first
        }
    }

    package var description: String {
        switch self {
        case .tooLarge(let nodes, let edges):
            "\(nodes) cards with \(edges) dependencies are more than \(DependencyGraph.maximumNodes) with "
                + "\(DependencyGraph.maximumEdges): divide the epic"
        case .duplicateCard(let id): "'\(id)' is there twice: give each card an id of its own"
        case .selfDependency(let id): "'\(id)' depends on itself: take that dependency out"
        case .duplicateDependency(let id, let other): "'\(id)' depends on '\(other)' twice: name it once"
        case .missingDependency(let id, let other): "'\(id)' depends on '\(other)', which does not exist"
        case .cycle(let cards):
            "cards wait for each other: " + Self.path(cards) + ": take one of these dependencies out"
        }
    }

    /// The way around; a long one without its middle.
    private static func path(_ cards: [CardID]) -> String {
        var names = (cards + cards.prefix(1)).map { "'\($0)'" }
        if names.count > 12 {
            let left = names.count - 11
            names = names.prefix(8) + ["(\(left) more)"] + names.suffix(3)
        }
        return names.joined(separator: " -> ")
    }
}

/// A set of dependencies that cannot be worked on: everything that is wrong with it.
package struct GraphDefects: Error, Sendable, Hashable {
    /// Never empty.
    package let defects: [GraphDefect]
}
