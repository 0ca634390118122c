package import OrketCore

/// The line format `orket.verdict/1` (docs/formats/verdict.schema.json): written for each record, read back to resume.
package enum VerdictLine {
    /// Value of `schema` in every line.
    package static let schema = "orket.verdict/1"

    /// The line for one corpus record, without its newline.
    package static func text(_ record: CorpusRecord, _ verification: VerificationResult) -> String {
        var members = [
            JSONValue.Member("schema", .string(schema)),
            JSONValue.Member("id", .string(record.id)),
            JSONValue.Member("language", .string(record.language.rawValue)),
            JSONValue.Member("record", .string(record.digest)),
        ]
        members += verification.members
        if let expected = record.expectedVerdict {
            let agrees = expected.agrees(with: verification.verdict.outcome)
            members.append(JSONValue.Member("expected_verdict", .string(expected.rawValue)))
            members.append(JSONValue.Member("agrees", .bool(agrees)))
        }
        return JSONValue.object(members).text
    }

    /// Reads one line back; the reason of a refusal is a sentence for a finding.
    package static func parse(_ line: [UInt8]) -> Result<CompletedVerdict, Refusal> {
        let value: JSONValue
        do {
            value = try StrictJSON.parse(line)
        } catch {
            return .failure(Refusal(sentence: "bad JSON at column \(error.offset + 1): \(error.message)"))
        }
        guard value["schema"]?.string == schema else {
            return .failure(Refusal(sentence: "'schema' is not \(schema)"))
        }
        guard let id = value["id"]?.string, let digest = value["record"]?.string,
            let language = value["language"]?.string.flatMap(Language.init),
            let outcome = value["outcome"]?.string.flatMap(Outcome.init),
            case .array(let reasons)? = value["reasons"]
        else {
            return .failure(Refusal(sentence: "'id', 'record', 'language', 'outcome' or 'reasons' is missing or bad"))
        }
        let primary = reasons.first?["code"]?.string.flatMap(ReasonCode.init)
        if (primary == nil) != (outcome == .passed) {
            return .failure(Refusal(sentence: "outcome and reasons do not fit"))
        }
        let expected = value["expected_verdict"]?.string.flatMap(ExpectedVerdict.init)
        return .success(
            CompletedVerdict(
                id: id, language: language, outcome: outcome, primary: primary, expected: expected, recordDigest: digest
            ))
    }

    /// Why a line is no verdict.
    package struct Refusal: Error, Hashable {
        package let sentence: String
    }
}

extension VerificationResult {
    /// The members that every machine-readable form of this result shares.
    package var members: [JSONValue.Member] {
        var members = [
            JSONValue.Member("outcome", .string(verdict.outcome.rawValue)),
            JSONValue.Member("reasons", .array(verdict.reasons.map(\.json))),
            JSONValue.Member("assurance", .string(assurance.rawValue)),
            JSONValue.Member("usage", usage.json),
            JSONValue.Member("timings", timings.json),
            JSONValue.Member("isolation", isolation.summary),
            JSONValue.Member("plans", .array(planDigests.map { .string($0) })),
        ]
        if let diagnostic {
            members.append(JSONValue.Member("diagnostic", diagnostic.json))
        }
        return members
    }
}
