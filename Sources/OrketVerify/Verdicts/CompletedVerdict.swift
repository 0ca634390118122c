package import OrketCore

/// The part of a verdict that summaries, digests and a resumed run need: what can be read back from a verdict line.
package struct CompletedVerdict: Sendable, Hashable {
    package var id: String
    package var language: Language
    package var outcome: Outcome
    package var primary: ReasonCode?
    package var expected: ExpectedVerdict?
    /// Hex SHA-256 of the corpus line that was verified.
    package var recordDigest: String

    /// A verdict reduced to what counts.
    package init(
        id: String, language: Language, outcome: Outcome, primary: ReasonCode?, expected: ExpectedVerdict?,
        recordDigest: String
    ) {
        self.id = id
        self.language = language
        self.outcome = outcome
        self.primary = primary
        self.expected = expected
        self.recordDigest = recordDigest
    }

    /// The part of `verdict` about `record` that counts.
    package init(_ record: CorpusRecord, _ verdict: Verdict) {
        self.init(
            id: record.id, language: record.language, outcome: verdict.outcome, primary: verdict.primary,
            expected: record.expectedVerdict, recordDigest: record.digest)
    }

    /// Whether a resumed run may keep this verdict. What our side failed to decide is decided again.
    package var isFinal: Bool { outcome != .inconclusive && outcome != .cancelled }

    /// Whether the outcome is the expected one; nil when nothing was expected.
    package var agrees: Bool? { expected.map { $0.agrees(with: outcome) } }
}
