extension EvidenceRecord {
    /// Value of `schema` in every body.
    package static let schema = "orket.evidence-record/1"

    /// The record as it is stored, hashed and signed: JSON on one line in UTF-8, members sorted by name, no blanks. The
    /// published form is `record` in docs/formats/evidence.schema.json.
    package var body: String { json.canonical.text }

    private var json: JSONValue {
        .object([
            .init("schema", .string(Self.schema)),
            .init("id", .string(id.text)),
            .init("recordedAtMs", .integer(recordedAt.milliseconds)),
            .init("fixture", .string(fixture)),
            .init("outcome", .string(outcome.rawValue)),
            .init("reasons", .array(reasons.map(\.json))),
            .init("assurance", .string(assurance.rawValue)),
            .init("digests", digests.json),
            .init("cacheKey", .string(cacheKey.text)),
            .init("kernel", .string(kernel)),
            .init("limits", limits.json),
            .init("usage", usage.json),
            .init("isolation", isolation.full),
            .init("sandboxes", .array(sandboxes.map(\.json))),
            .init(
                "proof", proof.map { .object([.init("required", .bool(true)), .init("state", .string($0))]) } ?? .null),
            .init("streams", .array(streams.map(\.json))),
            .init("streamsLeftOut", .integer(Int64(streamsLeftOut))),
            .init("timings", timings.json),
            .init("compilations", .array(compilations.map(\.json))),
            .init("cases", .array(cases.map(\.json))),
        ])
    }
}

extension EvidenceSandbox {
    fileprivate var json: JSONValue {
        guard case .object(let enforced) = isolation.full else { return isolation.full }
        return .object(
            [
                .init("role", .string(role.rawValue)), .init("plan", .string(plan.text)),
                .init("reused", .bool(isReused)),
            ] + enforced)
    }
}

extension EvidenceDigests {
    fileprivate var json: JSONValue {
        .object([
            .init("candidate", .string(candidate.text)), .init("fixture", .string(fixture.text)),
            .init("policy", .string(policy.text)), .init("plan", .string(plan.text)),
            .init("toolchain", .string(toolchain.text)), .init("verifier", .string(verifier.text)),
        ])
    }
}

extension EvidenceLimits {
    fileprivate var json: JSONValue {
        let asked = LimitKey.allCases.map { key in
            JSONValue.Member(key.rawValue, self.asked[key].map(JSONValue.count) ?? .null)
        }
        return .object([
            .init("asked", .object(asked)),
            .init("readBack", .object(readBack.map { .init($0.key, .string($0.value)) })),
        ])
    }
}

extension EvidenceStream {
    fileprivate var json: JSONValue {
        .record([
            "step": .string(step), "kind": .string(kind.rawValue), "name": name.map { .string($0) },
            "bytes": .count(bytes), "sha256": .string(digest.text), "truncated": .bool(truncated),
            "kept": kept.map {
                .object([
                    .init("sha256", .string($0.digest.text)), .init("bytes", .count($0.bytes)),
                    .init("head", .count($0.head)),
                ])
            } ?? .null,
        ])
    }
}

extension EvidenceCase {
    fileprivate var json: JSONValue {
        .object([
            .init("id", .string(id)), .init("outcome", outcome.map { .string($0.rawValue) } ?? .null),
            .init("reasons", .array(reasons.map(\.json))), .init("usage", usage?.json ?? .null),
            .init("streams", .array(streams.map(\.json))),
        ])
    }
}
