package import OrketCore

/// What a whole corpus run came to: counts, agreement with the recorded verdicts, and the digest.
package struct VerdictSummary: Sendable {
    package private(set) var outcomes: [Outcome: Int] = [:]
    package private(set) var languages: [Language: [Outcome: Int]] = [:]
    /// Records that say which verdict is right.
    package private(set) var compared = 0
    /// Sorted by id.
    package private(set) var disagreements: [CompletedVerdict] = []
    /// Records without an expectation that did not pass.
    package private(set) var unexpectedFailures = 0
    package let digest: String
    package let total: Int
    /// Records that the run was to verify; more than `total` when it was stopped half-way.
    package let planned: Int

    /// The summary over `verdicts`, in any order, of a run over `planned` records; nil when these are all.
    package init(_ verdicts: [CompletedVerdict], planned: Int? = nil) {
        self.planned = planned ?? verdicts.count
        digest = VerdictDigest.hex(verdicts)
        total = verdicts.count
        for verdict in verdicts {
            outcomes[verdict.outcome, default: 0] += 1
            languages[verdict.language, default: [:]][verdict.outcome, default: 0] += 1
            switch verdict.agrees {
            case nil: if verdict.outcome != .passed { unexpectedFailures += 1 }
            case true?: compared += 1
            case false?:
                compared += 1
                disagreements.append(verdict)
            }
        }
        disagreements.sort { $0.id < $1.id }
    }

    /// Records whose outcome is the recorded one.
    package var agreed: Int { compared - disagreements.count }

    /// 3 when anything is inconclusive or cancelled, 1 when a record disagrees or, without an expectation, did not
    /// pass, else 0.
    package var exitCode: Int32 {
        if outcomes[.inconclusive, default: 0] + outcomes[.cancelled, default: 0] > 0 { return 3 }
        return disagreements.isEmpty && unexpectedFailures == 0 ? 0 : 1
    }

    /// The object `orket.verify-summary/1`.
    package var json: JSONValue {
        .object([
            JSONValue.Member("schema", .string("orket.verify-summary/1")),
            JSONValue.Member("records", .integer(Int64(total))),
            JSONValue.Member("planned", .integer(Int64(planned))),
            JSONValue.Member("outcomes", Self.counts(outcomes)),
            JSONValue.Member(
                "languages",
                .object(
                    Language.allCases.compactMap { language in
                        languages[language].map { JSONValue.Member(language.rawValue, Self.counts($0)) }
                    })),
            JSONValue.Member("compared", .integer(Int64(compared))),
            JSONValue.Member("agreed", .integer(Int64(agreed))),
            JSONValue.Member("disagreements", .array(disagreements.map(Self.disagreement))),
            JSONValue.Member("digest", .string(digest)),
        ])
    }

    private static func counts(_ counts: [Outcome: Int]) -> JSONValue {
        .object(Outcome.allCases.map { JSONValue.Member($0.rawValue, .integer(Int64(counts[$0, default: 0]))) })
    }

    private static func disagreement(_ verdict: CompletedVerdict) -> JSONValue {
        .object([
            JSONValue.Member("id", .string(verdict.id)),
            JSONValue.Member("expected_verdict", verdict.expected.map { .string($0.rawValue) } ?? .null),
            JSONValue.Member("outcome", .string(verdict.outcome.rawValue)),
            JSONValue.Member("reason", verdict.primary.map { .string($0.rawValue) } ?? .null),
        ])
    }
}
