/// When each card can begin and must end when nothing is lost, and the longest chain, which says how long the whole takes.
package struct CriticalPath: Sendable {
    /// Times of one card in milliseconds, or in steps where every card counts 1, from the begin of the whole.
    package struct Times: Sendable, Hashable {
        package var earliestStart: Int64
        package var earliestEnd: Int64
        package var latestStart: Int64
        package var latestEnd: Int64

        /// How much later it may begin before the whole takes longer; 0 on a critical path.
        package var slack: Int64 { latestStart - earliestStart }
    }

    /// By the number of the card.
    package let times: [Times]
    /// Of the whole; 0 without cards.
    package let length: Int64
    /// Numbers of the cards of one longest chain, each before the next. Of several chains the one whose cards were given first.
    package let path: [Int]

    /// Longest duration of one card.
    package static let maximumDuration: Int64 = 1 << 40

    /// `durations` by the number of the card, each clamped to 0...maximumDuration; without them every card counts 1.
    package init(_ graph: DependencyGraph, durations: [Int64]? = nil) {
        precondition(durations.map { $0.count == graph.cards.count } ?? true, "one duration a card")
        let weights = (0..<graph.cards.count).map { card in
            durations.map { min(max($0[card], 0), Self.maximumDuration) } ?? 1
        }
        var starts = [Int64](repeating: 0, count: weights.count)
        var length: Int64 = 0
        for card in graph.order {
            for dependency in graph.dependencies[card] {
                starts[card] = max(starts[card], starts[Int(dependency)] + weights[Int(dependency)])
            }
            length = max(length, starts[card] + weights[card])
        }
        var ends = [Int64](repeating: length, count: weights.count)
        for card in graph.order.reversed() {
            for dependent in graph.dependents[card] {
                ends[card] = min(ends[card], ends[Int(dependent)] - weights[Int(dependent)])
            }
        }
        times = weights.indices.map { card in
            Times(
                earliestStart: starts[card], earliestEnd: starts[card] + weights[card],
                latestStart: ends[card] - weights[card], latestEnd: ends[card])
        }
        self.length = length
        path = Self.chain(graph, times)
    }

    /// From a card without slack that begins at 0 always on to one without slack that begins when it ends.
    private static func chain(_ graph: DependencyGraph, _ times: [Times]) -> [Int] {
        let critical = times.indices.filter { times[$0].slack == 0 }
        guard var card = critical.first(where: { graph.dependencies[$0].isEmpty && times[$0].earliestStart == 0 })
        else {
            return []
        }
        var chain = [card]
        while let next = graph.dependents(of: card).sorted().first(where: {
            times[$0].slack == 0 && times[$0].earliestStart == times[card].earliestEnd
        }) {
            chain.append(next)
            card = next
        }
        return chain
    }
}
