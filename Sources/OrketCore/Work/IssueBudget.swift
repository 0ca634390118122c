/// What one issue may consume in all of its attempts together. Every bound is finite.
package struct IssueBudget: Sendable, Hashable {
    /// Attempts after the first one, `bounds.retries`.
    package var maxRetries: Int
    /// Time of work and verification, milliseconds, waiting for dependencies not included.
    package var wallMs: Int64
    /// Time of verification alone, milliseconds.
    package var verificationMs: Int64

    /// Nil where a value is out of bounds.
    package init?(maxRetries: Int, wallMs: Int64, verificationMs: Int64) {
        guard Self.retries.contains(maxRetries), Self.milliseconds.contains(wallMs),
            Self.milliseconds.contains(verificationMs)
        else { return nil }
        self.maxRetries = maxRetries
        self.wallMs = wallMs
        self.verificationMs = verificationMs
    }

    /// The default: three retries, an hour, of which verification may take ten minutes.
    package init() {
        maxRetries = 3
        wallMs = 3_600_000
        verificationMs = 600_000
    }

    /// All attempts, 1 or more.
    package var attempts: Int { maxRetries + 1 }

    package static let retries = 0...99
    /// A week is the longest.
    package static let milliseconds: ClosedRange<Int64> = 1...604_800_000
}
