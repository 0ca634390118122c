package import OrketCore

/// A clock whose steady part is the host's continuous clock; the time of day comes from whoever may ask the kernel.
package struct SteadyHostClock: HostClock {
    private let start = ContinuousClock().now
    private let timeOfDay: @Sendable () -> UTCTime

    /// A clock that asks `timeOfDay` for the time of day.
    package init(timeOfDay: @escaping @Sendable () -> UTCTime) { self.timeOfDay = timeOfDay }

    package var now: UTCTime { timeOfDay() }

    package var steadyMs: Int64 {
        let elapsed = start.duration(to: ContinuousClock().now).components
        return elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000
    }

    package func sleep(milliseconds: Int64) async throws(CancellationError) {
        // Nothing sleeps longer than any budget.
        let bounded = min(max(milliseconds, 0), IssueBudget.milliseconds.upperBound)
        do { try await Task.sleep(for: .milliseconds(bounded)) } catch { throw CancellationError() }
    }
}
