internal import Synchronization

/// Journal points that were reached in this process.
enum EngineDriverCount {
    private static let count = Mutex(0)

    /// The number of one more, from 1.
    static func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
