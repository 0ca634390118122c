internal import Synchronization

/// Numbers for live sandboxes: each is the offset of a host uid that no other live sandbox has.
final class SlotAllocator: Sendable {
    private let free: Mutex<[Int]>

    init(capacity: Int) { free = Mutex(Array((0..<capacity).reversed())) }

    /// nil when all are in use.
    func take() -> Int? { free.withLock { $0.popLast() } }

    /// The sandbox that had it is verified dead.
    func giveBack(_ slot: Int) { free.withLock { $0.append(slot) } }
}
