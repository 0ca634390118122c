/// Edges between small numbers, all in two arrays: the targets of `i` are `targets[starts[i]..<starts[i + 1]]`.
struct AdjacencyList: Sendable {
    private(set) var starts: [Int32]
    private(set) var targets: [Int32]

    /// Of `count` nodes and the edges `pairs`; the targets of a node keep the order of the pairs.
    init(count: Int, pairs: [(from: Int32, to: Int32)]) {
        starts = [Int32](repeating: 0, count: count + 1)
        targets = [Int32](repeating: 0, count: pairs.count)
        for pair in pairs { starts[Int(pair.from) + 1] += 1 }
        for index in 0..<count { starts[index + 1] += starts[index] }
        var next = starts
        for pair in pairs {
            targets[Int(next[Int(pair.from)])] = pair.to
            next[Int(pair.from)] += 1
        }
    }

    var count: Int { starts.count - 1 }

    subscript(node: Int) -> ArraySlice<Int32> { targets[Int(starts[node])..<Int(starts[node + 1])] }
}
