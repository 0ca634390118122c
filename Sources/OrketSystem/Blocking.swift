/// Runs a blocking call on a thread of its own, so that no thread of the concurrency pool waits in the kernel.
package enum Blocking {
    /// The result of `work`, which may wait as long as it likes.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let job: @Sendable () -> Void = { continuation.resume(returning: work()) }
            // No thread can be had: the call is made here, which is slow but right.
            if !DetachedThread.start(job) { job() }
        }
    }
}
