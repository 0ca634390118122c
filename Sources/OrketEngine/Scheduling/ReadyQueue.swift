/// Numbers of issues that could go on, the one of the lowest rank first: a binary heap.
struct ReadyQueue: Sendable {
    private let ranks: [Int]
    private var heap: [Int] = []

    /// An empty queue; `ranks` by the number of the issue, no two alike.
    init(ranks: [Int]) { self.ranks = ranks }

    var isEmpty: Bool { heap.isEmpty }

    /// Adds an issue that is not in the queue.
    mutating func push(_ number: Int) {
        heap.append(number)
        var child = heap.count - 1
        while child > 0, ranks[heap[child]] < ranks[heap[(child - 1) / 2]] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first issue out; nil when there is none.
    mutating func pop() -> Int? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first }
        heap[0] = last
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { ranks[heap[$0]] < ranks[heap[$1]] }),
                ranks[heap[least]] < ranks[heap[parent]]
            else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
