/// The end of a program's stderr, for people who ask why. Never evidence: the candidate wrote it.
package struct Diagnostic: Sendable, Hashable {
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
