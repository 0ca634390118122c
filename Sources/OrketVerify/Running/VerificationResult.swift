package import OrketCore

/// A verdict with the figures and the evidence behind it.
package struct VerificationResult: Sendable {
    package var verdict: Verdict
    package var assurance: Assurance
    /// Compile and all trials together: times are summed, peaks are the highest.
    package var usage: Usage
    package var timings: VerificationTimings
    /// Of the last sandbox: what was read back from the kernel.
    package var isolation: Isolation
    /// Of each sandbox in order, without repetitions.
    package var planDigests: [String]
    /// What the deciding program wrote to stderr; nil when passed or when it wrote nothing.
    package var diagnostic: Diagnostic?
}

/// Real time of the parts of one verification, milliseconds.
package struct VerificationTimings: Sendable {
    package var compileMs: Double
    package var runMs: Double
    /// Includes preparing and taking down the sandboxes.
    package var totalMs: Double

    /// `{"compileMs","runMs","totalMs"}`.
    package var json: JSONValue {
        .object([
            JSONValue.Member("compileMs", .milliseconds(compileMs)), JSONValue.Member("runMs", .milliseconds(runMs)),
            JSONValue.Member("totalMs", .milliseconds(totalMs)),
        ])
    }
}

/// The end of a program's stderr, for people who ask why. Never evidence: the candidate wrote it.
package struct Diagnostic: Sendable {
    /// `compile` or `run`.
    package var step: String
    /// At most `maximumBytes`, invalid UTF-8 replaced.
    package var stderr: String

    /// Bytes of stderr that are kept.
    package static let maximumBytes = 2_048

    /// Nil when the program wrote nothing to stderr.
    package init?(step: String, _ stream: CapturedStream) {
        let bytes = stream.bytes.suffix(Self.maximumBytes)
        if bytes.isEmpty { return nil }
        self.step = step
        stderr = String(decoding: bytes, as: UTF8.self)
    }

    /// `{"step","source":"self_reported","stderr"}`.
    package var json: JSONValue {
        .object([
            JSONValue.Member("step", .string(step)),
            JSONValue.Member("source", .string(ReasonSource.selfReported.rawValue)),
            JSONValue.Member("stderr", .string(stderr)),
        ])
    }
}
