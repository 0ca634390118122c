import Synchronization

/// One value that several closures hold, under a lock.
final class Shared<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    init(_ value: Value) { stored = Mutex(value) }

    var value: Value {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// Reads and writes at once.
    func change(_ body: (inout Value) -> Void) { stored.withLock { body(&$0) } }
}
