internal import OrketCore

/// Lets something take only so long.
enum Deadline {
    private enum Turn<Value: Sendable>: Sendable {
        case ended(Value)
        case late
    }

    /// What `body` returns, or nil when that took longer than `milliseconds`: then it was cancelled, and has ended as well.
    static func within<Value: Sendable>(
        _ milliseconds: Int64, _ clock: any HostClock, _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Turn<Value>.self) { group in
            group.addTask { .ended(await body()) }
            group.addTask {
                // Cancelled either because the other one has ended, or because all of it was: then the other one says so.
                do throws(CancellationError) { try await clock.sleep(milliseconds: milliseconds) } catch {
                    return .late
                }
                return .late
            }
            var isLate = false
            while let turn = await group.next() {
                switch turn {
                case .ended(let value):
                    group.cancelAll()
                    return isLate ? nil : value
                case .late:
                    isLate = !Task.isCancelled
                    group.cancelAll()
                }
            }
            return nil
        }
    }
}
