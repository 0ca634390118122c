import Dispatch
import Glibc

/// Turns Ctrl-C and SIGTERM into the cancellation of a piece of work, so that sandboxes are taken down in order.
package enum Interrupt {
    /// Runs `work`; the first SIGINT or SIGTERM cancels it and is reported as `interrupted` once it has ended. A second
    /// signal ends the process as if this function were not there; the next start then cleans up.
    package static func watch<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, interrupted: Bool) {
        await withTaskGroup(of: Value?.self) { group in
            let signals = watchedSignals()
            group.addTask { await work() }
            group.addTask {
                for await _ in signals { return nil }
                return nil
            }
            var value: Value?
            var interrupted = false
            while let event = await group.next() {
                // Nil before the value is a signal; nil after it is only the end of the watch.
                if let event { value = event } else if value == nil { interrupted = true }
                group.cancelAll()
            }
            return (value!, interrupted)
        }
    }

    /// One element per signal, until the iterating task is cancelled.
    private static func watchedSignals() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let queue = DispatchQueue(label: "orket.signals")
            let sources = [SIGINT, SIGTERM].map { number in
                // The default action would end the process before the source can tell.
                _ = signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler {
                    _ = signal(number, SIG_DFL)
                    continuation.yield(number)
                }
                source.activate()
                return source
            }
            let guarded = Sources(sources)
            continuation.onTermination = { _ in guarded.cancel() }
        }
    }

    /// Keeps the sources alive until the stream ends, and gives the signals their default action back.
    private final class Sources: @unchecked Sendable {
        // SAFETY: set once; dispatch sources may be cancelled from any thread.
        private let sources: [any DispatchSourceSignal]

        init(_ sources: [any DispatchSourceSignal]) { self.sources = sources }

        func cancel() {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
        }
    }
}
