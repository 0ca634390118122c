/// Finds the knots of a graph (its strongly connected components of more than one node, by Tarjan's algorithm) and one shortest
/// way around for each. Without recursion: a chain may be as long as there are cards.
struct CycleSearch {
    private let edges: AdjacencyList
    private var index: [Int32]
    private var low: [Int32]
    private var isOnStack: [Bool]
    private var stack: [Int32] = []
    private var visited: Int32 = 0
    private var components: [[Int]] = []

    init(_ edges: AdjacencyList) {
        self.edges = edges
        index = [Int32](repeating: -1, count: edges.count)
        low = index
        isOnStack = [Bool](repeating: false, count: edges.count)
    }

    /// Each way around begins at its lowest number, and the ways are in the order of these.
    func cycles() -> [[Int]] {
        var search = self
        for node in 0..<edges.count where search.index[node] < 0 { search.visit(Int32(node)) }
        return search.components.map { shortestWay($0) }.sorted { $0[0] < $1[0] }
    }

    private mutating func visit(_ root: Int32) {
        var path: [(node: Int32, next: Int)] = []
        enter(root, &path)
        while let (node, next) = path.last {
            let targets = edges[Int(node)]
            if next < targets.count {
                path[path.count - 1].next += 1
                let target = targets[targets.startIndex + next]
                if index[Int(target)] < 0 {
                    enter(target, &path)
                } else if isOnStack[Int(target)] {
                    low[Int(node)] = min(low[Int(node)], index[Int(target)])
                }
            } else {
                path.removeLast()
                if let parent = path.last?.node { low[Int(parent)] = min(low[Int(parent)], low[Int(node)]) }
                if low[Int(node)] == index[Int(node)] { close(node) }
            }
        }
    }

    private mutating func enter(_ node: Int32, _ path: inout [(node: Int32, next: Int)]) {
        index[Int(node)] = visited
        low[Int(node)] = visited
        visited += 1
        stack.append(node)
        isOnStack[Int(node)] = true
        path.append((node, 0))
    }

    private mutating func close(_ root: Int32) {
        var component: [Int] = []
        while let node = stack.popLast() {
            isOnStack[Int(node)] = false
            component.append(Int(node))
            if node == root { break }
        }
        if component.count > 1 { components.append(component.sorted()) }
    }

    /// From the lowest number of a knot and back to it, by breadth-first search inside the knot.
    private func shortestWay(_ component: [Int]) -> [Int] {
        let start = component[0]
        let inside = Set(component)
        var cameFrom: [Int: Int] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for target in edges[node].map(Int.init) where inside.contains(target) {
                if target == start {
                    var way = [node]
                    while let before = cameFrom[way[way.count - 1]] { way.append(before) }
                    return way.reversed()
                }
                if cameFrom[target] == nil {
                    cameFrom[target] = node
                    queue.append(target)
                }
            }
        }
        return component
    }
}
