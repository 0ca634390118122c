import OrketCore
import OrketTestSupport
import Testing

@Suite("Dependency graphs")
struct GraphTests {
    private static func id(_ text: String) -> CardID { CardID(text)! }

    /// `a b<a c<a,b`: cards by blanks, dependencies behind `<`.
    private static func nodes(_ text: String) -> [GraphNode] {
        text.split(separator: " ").map { word in
            let parts = word.split(separator: "<")
            let dependencies = parts.count > 1 ? parts[1].split(separator: ",").map { id(String($0)) } : []
            return GraphNode(id(String(parts[0])), dependsOn: dependencies)
        }
    }

    private static func graph(_ text: String) throws -> DependencyGraph { try DependencyGraph(nodes(text)) }

    private static func defects(_ text: String) -> [GraphDefect] {
        do {
            _ = try graph(text)
            return []
        } catch { return (error as? GraphDefects)?.defects ?? [] }
    }

    /// Cards named `0`, `1`, ..., each depending on up to `most` earlier ones.
    private static func random(_ count: Int, most: Int, _ generator: inout SeededGenerator) -> [GraphNode] {
        (0..<count).map { card in
            var dependencies: Set<Int> = []
            for _ in 0..<Int.random(in: 0...most, using: &generator) where card > 0 {
                dependencies.insert(Int.random(in: 0..<card, using: &generator))
            }
            return GraphNode(id("\(card)"), dependsOn: dependencies.sorted().map { id("\($0)") })
        }
    }

    @Test("every defect of a board is told at once")
    func allDefects() {
        let found = Self.defects("a<a b<x,y b c<a,a d<e e<f f<d g<h h<g")
        #expect(
            found == [
                .duplicateCard(Self.id("b")), .selfDependency(Self.id("a")),
                .missingDependency(Self.id("b"), on: Self.id("x")), .missingDependency(Self.id("b"), on: Self.id("y")),
                .duplicateDependency(Self.id("c"), on: Self.id("a")), .cycle(["d", "e", "f"].map(Self.id)),
                .cycle(["g", "h"].map(Self.id)),
            ])
        #expect(
            found.map(\.description).contains(
                "cards wait for each other: 'g' -> 'h' -> 'g': take one of these dependencies out"))
        #expect(found.allSatisfy { $0.card != nil })
    }

    @Test("a cycle is a defect with the names of its cards, never a run that ends without a turn")
    func cycleIsNamed() {
        #expect(Self.defects("a<b b<a") == [.cycle([Self.id("a"), Self.id("b")])])
        // The shortest way around a knot of many.
        #expect(Self.defects("a<b b<c c<d,a d<a") == [.cycle(["a", "b", "c"].map(Self.id))])
    }

    @Test("a cycle of thousands of cards is found without recursion, and its name stays short")
    func longCycle() {
        let count = 200_000
        let nodes = (0..<count).map { GraphNode(Self.id("\($0)"), dependsOn: [Self.id("\(($0 + 1) % count)")]) }
        do {
            _ = try DependencyGraph(nodes)
            Testing.Issue.record("a cycle passed")
        } catch {
            #expect(error.defects.count == 1)
            guard case .cycle(let cards)? = error.defects.first else {
                Issue.record("no cycle")
                return
            }
            #expect(cards.count == count)
            #expect(error.defects[0].description.utf8.count < 300)
        }
    }

    @Test("the order has every card after what it depends on, and keeps the given order among equals")
    func order() throws {
        #expect(try Self.graph("c<a,b a b<a").order == [1, 2, 0])
        #expect(try Self.graph("x y z").order == [0, 1, 2])
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<50 {
            let graph = try DependencyGraph(Self.random(60, most: 4, &generator))
            var place = [Int](repeating: -1, count: 60)
            for (index, card) in graph.order.enumerated() { place[card] = index }
            #expect(place.sorted() == Array(0..<60))
            for card in 0..<60 { #expect(graph.dependencies(of: card).allSatisfy { place[$0] < place[card] }) }
        }
    }

    @Test(
        "the impact of a card is the number of distinct cards behind it",
        arguments: [
            ("schema api<schema app<api", [2, 1, 0]), ("a b<a c<a d<b,c", [3, 1, 1, 0]), ("a b", [0, 0]), ("", []),
        ])
    func impact(text: String, counts: [Int]) throws {
        #expect(ImpactCount(try Self.graph(text)).counts == counts)
    }

    @Test("impact by bit sets is what a plain search of each card finds, across the borders of the sets")
    func impactAgainstSearch() throws {
        var generator = SeededGenerator(seed: 5)
        for count in [1, 63, 64, 65, 511, 512, 513, 1_100] {
            let graph = try DependencyGraph(Self.random(count, most: 3, &generator))
            let expected = (0..<count).map { card in
                var seen: Set<Int> = []
                var queue = graph.dependents(of: card)
                while let next = queue.popLast() {
                    if seen.insert(next).inserted { queue += graph.dependents(of: next) }
                }
                return seen.count
            }
            #expect(ImpactCount(graph).counts == expected, "\(count) cards")
        }
    }

    @Test("shared dependents are counted once and cost nothing more: layers of two do not explode")
    func layersDoNotExplode() throws {
        // Each of two cards depends on both of the layer before: 2^500 ways through.
        let nodes = (0..<1_000).map { card in
            let layer = card / 2
            let before = layer == 0 ? [] : [2 * layer - 2, 2 * layer - 1].map { Self.id("\($0)") }
            return GraphNode(Self.id("\(card)"), dependsOn: before)
        }
        let graph = try DependencyGraph(nodes)
        let impact = ImpactCount(graph)
        #expect(impact.counts[0] == 998)
        #expect(impact.counts[999] == 0)
        let passes = (graph.cards.count + ImpactCount.width - 1) / ImpactCount.width
        #expect(impact.joins <= passes * graph.edgeCount)
    }

    @Test("30,000 cards cost at most one join of 512 bits for each edge and block")
    func stepsOfManyCards() throws {
        var generator = SeededGenerator(seed: 3)
        let graph = try DependencyGraph(Self.random(30_000, most: 4, &generator))
        let impact = ImpactCount(graph)
        let passes = (graph.cards.count + ImpactCount.width - 1) / ImpactCount.width
        #expect(passes == 59)
        #expect(impact.joins <= passes * graph.edgeCount)
        #expect(impact.counts.max() ?? 0 > 15_000)
    }

    @Test("the critical path is the longest one, not the one with most cards behind it")
    func criticalPath() throws {
        // a has most behind it; b and c are what takes longest.
        let graph = try Self.graph("a d<a e<a f<a b c<b")
        let path = CriticalPath(graph, durations: [1, 1, 1, 1, 10, 20])
        #expect(path.length == 30)
        #expect(path.path.map { graph.cards[$0].text } == ["b", "c"])
        #expect(path.times.map(\.slack) == [28, 28, 28, 28, 0, 0])
        #expect((path.times[5].earliestStart, path.times[5].latestEnd) == (10, 30))
    }

    @Test("without durations every card counts one, and the path of a chain is the chain")
    func criticalPathOfChain() throws {
        let graph = try Self.graph("a b<a c<b d")
        let path = CriticalPath(graph)
        #expect(path.length == 3)
        #expect(path.path == [0, 1, 2])
        #expect(path.times[3].slack == 2)
        #expect(CriticalPath(try Self.graph("")).length == 0)
        #expect(CriticalPath(try Self.graph("")).path == [])
    }

    @Test("slack is what a card can wait: one more makes the whole longer")
    func slackIsExact() throws {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<20 {
            let graph = try DependencyGraph(Self.random(40, most: 3, &generator))
            let durations = (0..<40).map { _ in Int64.random(in: 0...9, using: &generator) }
            let path = CriticalPath(graph, durations: durations)
            #expect(path.path.reduce(0) { $0 + durations[$1] } == path.length)
            for card in 0..<40 {
                var longer = durations
                longer[card] += path.times[card].slack
                #expect(CriticalPath(graph, durations: longer).length == path.length)
                longer[card] += 1
                #expect(CriticalPath(graph, durations: longer).length == path.length + 1)
            }
        }
    }

    @Test("durations without bounds neither overflow nor run backwards")
    func hostileDurations() throws {
        let graph = try Self.graph("a b<a c<b")
        let path = CriticalPath(graph, durations: [.max, .min, .max])
        #expect(path.length == 2 * CriticalPath.maximumDuration)
    }

    @Test("cards are begun by priority and impact, then slack, then the order of their creation")
    func dispatchOrder() throws {
        func order(_ text: String, _ priorities: [Priority], _ durations: [Int64]? = nil) throws -> String {
            let graph = try Self.graph(text)
            return DispatchOrder(graph, priorities: priorities, durations: durations).order
                .map { graph.cards[$0].text }.joined(separator: " ")
        }
        #expect(try order("a b c", [.low, .high, .medium]) == "b c a")
        // One card behind it weighs as much as one step of priority; then it has less slack.
        #expect(try order("a b c<b", [.medium, .low, .low]) == "b a c")
        #expect(try order("a b c<b", [.low, .low, .low]) == "b c a")
        #expect(try order("a b", [.low, .low], [1, 9]) == "b a")
        #expect(try order("b a", [.low, .low]) == "b a")
    }

    @Test("the order of dispatch is the same each time, and ranks are its inverse")
    func dispatchIsDeterministic() throws {
        var generator = SeededGenerator(seed: 2)
        let graph = try DependencyGraph(Self.random(300, most: 3, &generator))
        let priorities = (0..<300).map { _ in [Priority.low, .medium, .high].randomElement(using: &generator)! }
        let (a, b) = (DispatchOrder(graph, priorities: priorities), DispatchOrder(graph, priorities: priorities))
        #expect(a.order == b.order)
        #expect(a.order.map { a.ranks[$0] } == Array(0..<300))
        for (first, second) in zip(a.order, a.order.dropFirst()) { #expect(a.keys[first] < a.keys[second]) }
    }

    @Test("a graph that is too large is refused before it is built")
    func tooLarge() {
        let node = GraphNode(Self.id("a"), dependsOn: [CardID](repeating: Self.id("b"), count: 1_000))
        let nodes = [GraphNode](repeating: node, count: DependencyGraph.maximumEdges / 1_000 + 1)
        do {
            _ = try DependencyGraph(nodes)
            Testing.Issue.record("it was built")
        } catch {
            #expect(error.defects == [.tooLarge(nodes: nodes.count, edges: nodes.count * 1_000)])
        }
    }
}
