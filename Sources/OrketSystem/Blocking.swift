internal import Glibc

/// Runs a blocking call on a thread of its own, so that no thread of the concurrency pool waits in the kernel.
package enum Blocking {
    private final class Job<Value: Sendable>: @unchecked Sendable {
        // SAFETY: written once before the thread starts, read once by it.
        let work: @Sendable () -> Value
        let continuation: CheckedContinuation<Value, Never>

        init(work: @escaping @Sendable () -> Value, continuation: CheckedContinuation<Value, Never>) {
            self.work = work
            self.continuation = continuation
        }

        func perform() { continuation.resume(returning: work()) }
    }

    private class AnyJob {
        let perform: () -> Void

        init(_ perform: @escaping () -> Void) { self.perform = perform }
    }

    package static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let job = Job(work: work, continuation: continuation)
            let boxed = Unmanaged.passRetained(AnyJob(job.perform))
            var thread = pthread_t()
            let result = pthread_create(
                &thread, nil,
                { raw in
                    Unmanaged<AnyJob>.fromOpaque(raw!).takeRetainedValue().perform()
                    return nil
                }, boxed.toOpaque())
            // No thread can be had: the call is made here, which is slow but right.
            if result == 0 { pthread_detach(thread) } else { boxed.takeRetainedValue().perform() }
        }
    }
}
