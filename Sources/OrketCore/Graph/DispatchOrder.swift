/// In which order cards are begun that could all begin: first what is urgent and holds up most, then what has least slack, then
/// what was there first. It follows from the board alone, so that two runs of the same board begin the same cards in the same order.
package struct DispatchOrder: Sendable {
    /// Numbers of the cards, the first one first.
    package let order: [Int]
    /// Place in `order` by the number of the card: lower begins first.
    package let ranks: [Int]

    /// What is compared of one card.
    package struct Key: Sendable, Hashable, Comparable {
        package let priority: Priority
        package let impact: Int
        package let slack: Int64
        /// Place in the order of creation.
        package let position: Int

        /// Priority and impact together: how much is gained when the card is done.
        package var weight: Double { priority.value + Double(impact) }

        package static func < (a: Key, b: Key) -> Bool {
            if a.weight != b.weight { return a.weight > b.weight }
            if a.slack != b.slack { return a.slack < b.slack }
            return a.position < b.position
        }
    }

    /// By the number of the card.
    package let keys: [Key]

    /// The order for `graph`; `priorities` by the number of the card.
    package init(_ graph: DependencyGraph, priorities: [Priority], durations: [Int64]? = nil) {
        precondition(priorities.count == graph.cards.count, "one priority a card")
        let impact = ImpactCount(graph).counts
        let times = CriticalPath(graph, durations: durations).times
        let keys = priorities.indices.map { card in
            Key(priority: priorities[card], impact: impact[card], slack: times[card].slack, position: card)
        }
        let order = keys.indices.sorted { keys[$0] < keys[$1] }
        var ranks = [Int](repeating: 0, count: order.count)
        for (rank, card) in order.enumerated() { ranks[card] = rank }
        self.keys = keys
        self.order = order
        self.ranks = ranks
    }
}
