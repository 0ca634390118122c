internal import OrketCore

/// Orket's own predicate: the whole verdict, and what the kernel enforced. Described in
/// docs/formats/enforcement.schema.json. Times are integers of microseconds: canonical bytes have no fractions.
package enum Enforcement {
    /// Value of `predicateType`.
    package static let predicateType = "https://orket.dev/attestation/enforcement/v1"

    /// The statement about `facts`.
    static func statement(_ facts: VerificationFacts) throws(AttestError) -> Statement {
        try Statement(
            subjects: [facts.candidate], predicateType: predicateType,
            predicate: .record([
                "verifier": facts.verifier.json, "kernel": .string(facts.kernel), "fixture": facts.fixture.json(),
                "policy": facts.policy.json(), "toolchain": facts.toolchain?.json(),
                "outcome": .string(facts.outcome.rawValue), "assurance": .string(facts.assurance.rawValue),
                "reasons": .array(facts.reasons.map(json)), "limits": json(facts.limits),
                "usage": try json(facts.usage), "timings": try json(facts.timings),
                "sandboxes": .array(facts.sandboxes.map(json)),
                "proof": facts.proof.map { .record(["required": .bool(true), "state": .string($0)]) },
            ]))
    }

    /// The weakest of all sandboxes; none without a sandbox.
    static func level(of predicate: JSONValue) -> IsolationLevel? {
        guard case .array(let sandboxes)? = predicate["sandboxes"] else { return nil }
        let levels = sandboxes.map { sandbox -> IsolationLevel? in
            if case .integer(let level)? = sandbox["level"] { IsolationLevel(rawValue: Int(level)) } else { nil }
        }
        if levels.contains(nil) { return nil }
        return levels.compactMap(\.self).min() ?? IsolationLevel.none
    }

    /// Protections that were absent in any of the sandboxes, in their order; nil for names that this version does not know.
    static func degraded(of predicate: JSONValue) -> [Protection]? {
        guard case .array(let sandboxes)? = predicate["sandboxes"] else { return nil }
        var found: Set<Protection> = []
        for sandbox in sandboxes {
            guard case .array(let names)? = sandbox["degraded"] else { return nil }
            let protections = names.compactMap { $0.string.flatMap(Protection.init) }
            if protections.count < names.count { return nil }
            found.formUnion(protections)
        }
        return Protection.allCases.filter(found.contains)
    }

    private static func json(_ reason: Reason) -> JSONValue {
        .record([
            "code": .string(reason.code.rawValue), "source": .string(reason.source.rawValue),
            "detail": .string(reason.detail),
        ])
    }

    private static func json(_ sandbox: SandboxFacts) -> JSONValue {
        .record([
            "role": sandbox.role == .candidate ? nil : .string(sandbox.role.rawValue),
            "reused": sandbox.isReused ? .bool(true) : nil,
            "plan": .string(sandbox.plan.text), "level": .integer(Int64(sandbox.level.rawValue)),
            "degraded": .array(sandbox.degraded.map { .string($0.rawValue) }),
            "mechanisms": .object(sandbox.mechanisms.map { .init($0.key, .string($0.value)) }),
        ])
    }

    /// By the keys of `--limit`, each with its unit; null where a check is off.
    private static func json(_ limits: Limits) -> JSONValue {
        .object(
            LimitKey.allCases.map { key in
                let unit =
                    switch key.unit {
                    case .duration: "Ms"
                    case .bytes: "Bytes"
                    case .count: ""
                    }
                return .init(key.rawValue + unit, limits[key].map(JSONValue.count) ?? .null)
            })
    }

    private static func json(_ usage: Usage) throws(AttestError) -> JSONValue {
        .record([
            "wallMicroseconds": try microseconds(usage.wallMs), "cpuMicroseconds": try microseconds(usage.cpuMs),
            "cpuMetric": .string(usage.cpuMetric), "memoryPeakBytes": .count(usage.memoryPeakBytes),
            "memoryMetric": .string(usage.memoryMetric), "processesPeak": .count(usage.processesPeak),
        ])
    }

    private static func json(_ timings: AttestedTimings) throws(AttestError) -> JSONValue {
        .record([
            "startedAt": .string(timings.startedAt.rfc3339), "compileMicroseconds": try microseconds(timings.compileMs),
            "runMicroseconds": try microseconds(timings.runMs), "totalMicroseconds": try microseconds(timings.totalMs),
        ])
    }

    private static func microseconds(_ milliseconds: Double) throws(AttestError) -> JSONValue {
        guard let value = Int64(exactly: (milliseconds * 1_000).rounded()) else {
            throw AttestError(.unencodable, "\(milliseconds) ms is no time")
        }
        return .integer(value)
    }
}

extension VerifierIdentity {
    /// `{"id","version","digest"?}`.
    var json: JSONValue {
        .record([
            "id": .string(Self.uri), "version": .string(version),
            "digest": digest.map { .record(["sha256": .string($0.text)]) },
        ])
    }
}
