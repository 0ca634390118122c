/// Real time of the parts of one verification, milliseconds.
package struct VerificationTimings: Sendable, Hashable {
    package var compileMs: Double
    package var runMs: Double
    /// Includes preparing and taking down the sandboxes.
    package var totalMs: Double

    /// The times of one verification.
    package init(compileMs: Double, runMs: Double, totalMs: Double) {
        self.compileMs = compileMs
        self.runMs = runMs
        self.totalMs = totalMs
    }

    /// `{"compileMs","runMs","totalMs"}`.
    package var json: JSONValue {
        .object([
            JSONValue.Member("compileMs", .milliseconds(compileMs)), JSONValue.Member("runMs", .milliseconds(runMs)),
            JSONValue.Member("totalMs", .milliseconds(totalMs)),
        ])
    }
}
