internal import OrketCore

/// Reads, checks and orders boards of 100,000 cards in several shapes, and prints the best of five of each step.
enum GraphBenchmark {
    private static let cards = 100_000

    /// Prints one row of a table for each shape.
    static func run() {
        print("| shape | dependencies | read and order ms | impact ms | critical path ms | dispatch order ms |")
        print("|---|---|---|---|---|---|")
        measure("chain") { $0 == 0 ? [] : [$0 - 1] }
        measure("layers of 100, each of 3 of the layer before") { card in
            card < 100 ? [] : (0..<3).map { card / 100 * 100 - 100 + (card + $0 * 7) % 100 }
        }
        var state: UInt64 = 1
        measure("4 of all earlier cards") { card in
            let some = (0..<4).map { _ -> Int in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return card == 0 ? 0 : Int(state >> 33) % card
            }
            return card == 0 ? [] : Array(Set(some)).sorted()
        }
        measure("none") { _ in [] }
    }

    private static func measure(_ shape: String, _ dependencies: (Int) -> [Int]) {
        let ids = (0..<cards).map { CardID("ISSUE-\($0)")! }
        let nodes = ids.indices.map { GraphNode(ids[$0], dependsOn: dependencies($0).map { ids[$0] }) }
        guard let graph = try? DependencyGraph(nodes) else { return print("\(shape): refused") }
        let priorities = [Priority](repeating: .medium, count: cards)
        let times = [
            best { _ = try? DependencyGraph(nodes) }, best { _ = ImpactCount(graph) }, best { _ = CriticalPath(graph) },
            best { _ = DispatchOrder(graph, priorities: priorities) },
        ]
        print("| \(shape) | \(graph.edgeCount) | " + times.map { "\($0)" }.joined(separator: " | ") + " |")
    }

    /// Milliseconds of the quickest of five.
    private static func best(_ body: () -> Void) -> Int64 {
        (0..<5).map { _ in
            let elapsed = ContinuousClock().measure(body)
            return elapsed.components.seconds * 1_000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        }.min() ?? 0
    }
}
