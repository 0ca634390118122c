/// How many cards wait for each card, directly or through others, each counted once.
///
/// By bit sets, 512 cards at a time: one pass over the graph carries 512 bits along every edge, so that the memory is 64 bytes a
/// card and not one bit for each pair. Shared dependents make nothing more expensive: the passes are `ceil(cards / 512)`,
/// whatever the shape.
package struct ImpactCount: Sendable {
    /// By the number of the card.
    package let counts: [Int]
    /// Sets of 512 bits that were joined: the cost, for those who hold it against its bound.
    package let joins: Int

    /// Cards that one pass counts.
    package static let width = 512

    /// Counts for all cards of `graph`.
    package init(_ graph: DependencyGraph) {
        let places = Self.places(graph)
        // Numbered by their place in the order, every card comes before all that wait for it.
        let pairs = graph.order.enumerated().flatMap { place, card in
            graph.dependents[card].map { (from: Int32(place), to: places[Int($0)]) }
        }
        let dependents = AdjacencyList(count: graph.cards.count, pairs: pairs)
        var byPlace = [Int](repeating: 0, count: graph.cards.count)
        var joins = 0
        var sets = [SIMD8<UInt64>](repeating: .zero, count: graph.cards.count)
        for first in stride(from: 0, to: graph.cards.count, by: Self.width) {
            let end = min(first + Self.width, graph.cards.count)
            joins += Self.pass(first..<end, dependents, &sets, &byPlace)
        }
        var counts = byPlace
        for (place, card) in graph.order.enumerated() { counts[card] = byPlace[place] }
        self.counts = counts
        self.joins = joins
    }

    private static func places(_ graph: DependencyGraph) -> [Int32] {
        var places = [Int32](repeating: 0, count: graph.cards.count)
        for (place, card) in graph.order.enumerated() { places[card] = Int32(place) }
        return places
    }

    /// Adds to `counts` how many of `block` each card reaches. Nothing behind the block reaches into it.
    private static func pass(
        _ block: Range<Int>, _ dependents: AdjacencyList, _ sets: inout [SIMD8<UInt64>], _ counts: inout [Int]
    ) -> Int {
        var joins = 0
        dependents.targets.withUnsafeBufferPointer { targets in
            dependents.starts.withUnsafeBufferPointer { starts in
                sets.withUnsafeMutableBufferPointer { sets in
                    for place in stride(from: block.upperBound - 1, through: 0, by: -1) {
                        var set = SIMD8<UInt64>.zero
                        for index in Int(starts[place])..<Int(starts[place + 1]) {
                            let target = Int(targets[index])
                            if target >= block.upperBound { continue }
                            set |= sets[target]
                            joins += 1
                        }
                        counts[place] += population(set)
                        if place >= block.lowerBound {
                            let bit = place - block.lowerBound
                            set[bit >> 6] |= 1 << UInt64(bit & 63)
                        }
                        sets[place] = set
                    }
                }
            }
        }
        return joins
    }

    private static func population(_ set: SIMD8<UInt64>) -> Int {
        if set == .zero { return 0 }
        var count = 0
        for word in 0..<8 { count += set[word].nonzeroBitCount }
        return count
    }
}
