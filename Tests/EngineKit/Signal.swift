internal import Synchronization

/// Something that happens once, and that tasks wait for.
package final class Signal: Sendable {
    private struct State {
        var hasFired = false
        var next = 0
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Has not happened yet.
    package init() {}

    /// It happens; doing it again changes nothing.
    package func fire() {
        let waiters = state.withLock { state in
            state.hasFired = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: true) }
    }

    /// Returns when it has happened; throws when the task is cancelled first.
    package func wait() async throws(CancellationError) {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let hasFired = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.hasFired { return true }
                    if Task.isCancelled { return false }
                    state.waiters[number] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: false)
        }
        if !hasFired { throw CancellationError() }
    }
}
