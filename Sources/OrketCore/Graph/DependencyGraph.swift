/// Cards and what they wait for, without a defect: no card twice, nothing missing, no cycle. Cards are numbered in the order
/// in which they were given.
package struct DependencyGraph: Sendable {
    /// In the order in which they were given.
    package let cards: [CardID]
    /// What each waits for.
    let dependencies: AdjacencyList
    /// What waits for each.
    let dependents: AdjacencyList
    /// Numbers of all cards, each after everything that it waits for; among equals the order in which they were given.
    package let order: [Int]
    private let numbers: [CardID: Int]

    package static let maximumNodes = 1_000_000
    package static let maximumEdges = 10_000_000

    /// Throws every defect at once.
    package init(_ nodes: [GraphNode]) throws(GraphDefects) {
        let edgeCount = nodes.reduce(0) { $0 + $1.dependsOn.count }
        if nodes.count > Self.maximumNodes || edgeCount > Self.maximumEdges {
            throw GraphDefects(defects: [.tooLarge(nodes: nodes.count, edges: edgeCount)])
        }
        let reading = GraphReading(nodes)
        var defects = reading.defects
        let forward = AdjacencyList(count: reading.cards.count, pairs: reading.pairs)
        let backward = AdjacencyList(count: reading.cards.count, pairs: reading.pairs.map { ($0.to, $0.from) })
        let order = Self.kahn(dependencies: forward, dependents: backward)
        if order.count < reading.cards.count {
            let cycles = CycleSearch(forward).cycles()
            defects += cycles.map { .cycle($0.map { reading.cards[$0] }) }
        }
        if !defects.isEmpty { throw GraphDefects(defects: defects) }
        cards = reading.cards
        dependencies = forward
        dependents = backward
        self.order = order
        numbers = reading.numbers
    }

    /// The number of a card; nil when it is not in the graph.
    package func number(of card: CardID) -> Int? { numbers[card] }

    /// Numbers of the cards that `number` waits for, directly.
    package func dependencies(of number: Int) -> [Int] { dependencies[number].map(Int.init) }

    /// Numbers of the cards that wait for `number`, directly.
    package func dependents(of number: Int) -> [Int] { dependents[number].map(Int.init) }

    /// Dependencies of all cards together.
    package var edgeCount: Int { dependencies.targets.count }

    /// Takes away, again and again, what waits for nothing that is left; whatever stays is in a cycle or behind one.
    private static func kahn(dependencies: AdjacencyList, dependents: AdjacencyList) -> [Int] {
        var waiting = (0..<dependencies.count).map { dependencies[$0].count }
        var order = (0..<dependencies.count).filter { waiting[$0] == 0 }
        order.reserveCapacity(dependencies.count)
        var next = 0
        while next < order.count {
            for dependent in dependents[order[next]] {
                waiting[Int(dependent)] -= 1
                if waiting[Int(dependent)] == 0 { order.append(Int(dependent)) }
            }
            next += 1
        }
        return order
    }
}

/// Names to numbers, with the defects that show on the way.
private struct GraphReading {
    var cards: [CardID] = []
    var numbers: [CardID: Int] = [:]
    var pairs: [(from: Int32, to: Int32)] = []
    var defects: [GraphDefect] = []

    init(_ nodes: [GraphNode]) {
        numbers.reserveCapacity(nodes.count)
        var kept: [GraphNode] = []
        kept.reserveCapacity(nodes.count)
        for node in nodes {
            if numbers[node.id] != nil {
                defects.append(.duplicateCard(node.id))
                continue
            }
            numbers[node.id] = cards.count
            cards.append(node.id)
            kept.append(node)
        }
        for (number, node) in kept.enumerated() { read(node, number: number) }
    }

    private mutating func read(_ node: GraphNode, number: Int) {
        var seen: Set<CardID> = []
        for dependency in node.dependsOn {
            if dependency == node.id {
                defects.append(.selfDependency(node.id))
            } else if node.dependsOn.count > 1, !seen.insert(dependency).inserted {
                defects.append(.duplicateDependency(node.id, on: dependency))
            } else if let target = numbers[dependency] {
                pairs.append((Int32(number), Int32(target)))
            } else {
                defects.append(.missingDependency(node.id, on: dependency))
            }
        }
    }
}
