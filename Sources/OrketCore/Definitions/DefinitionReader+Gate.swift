extension GatePolicy {
    /// Members of `gate.yaml`.
    package enum Key: String, FieldKey {
        case schema, why
        case minimumLevel = "minimum_level"
        case minimumAssurance = "minimum_assurance"
        case allowDegraded = "allow_degraded"
        case cached
        case proof
        case maximumAge = "maximum_age"
        case waivers
        case maximumWaiver = "maximum_waiver"
    }

    /// The policy as one text for each meaning: its digest is the policy's identity.
    package var canonicalText: String {
        let members: [JSONValue.Member] = [
            .init(Key.minimumLevel.rawValue, .integer(Int64(minimumLevel.rawValue))),
            .init(Key.minimumAssurance.rawValue, .string(minimumAssurance.rawValue)),
            .init(Key.allowDegraded.rawValue, .array(allowedDegraded.map(\.rawValue).sorted().map(JSONValue.string))),
            .init(Key.cached.rawValue, .bool(allowsCached)), .init(Key.proof.rawValue, .bool(requiresProof)),
            .init(Key.maximumAge.rawValue, maximumAgeMs.map { .integer($0) } ?? .null),
            .init(Key.waivers.rawValue, .array(waivers.sorted().map(JSONValue.string))),
            .init(Key.maximumWaiver.rawValue, .integer(maximumWaiverMs)),
        ]
        return "orket.gate-policy/1\n" + JSONValue.object(members).text
    }
}

extension DefinitionReader {
    /// Longest span of a gate's policy: ten years.
    private static let longest: Int64 = 3_650 * 86_400_000

    /// What the gate of a board demands; what is not said is as in `GatePolicy()`.
    package mutating func gatePolicy(_ node: DocumentNode) -> GatePolicy {
        typealias Key = GatePolicy.Key
        var policy = GatePolicy()
        guard let members = members(node, "the gate's policy", Key.spellings) else { return policy }
        _ = integer(required(members, Key.schema, "the gate's policy"), "schema", in: 1...1)
        _ = text(required(members, Key.why, "the gate's policy"), "why")
        let levels = Int64(IsolationLevel.none.rawValue)...Int64(IsolationLevel.cgroups.rawValue)
        if let level = integer(members[Key.minimumLevel], "minimum_level", in: levels) {
            policy.minimumLevel = IsolationLevel(rawValue: Int(level)) ?? policy.minimumLevel
        }
        policy.minimumAssurance =
            word(members[Key.minimumAssurance], "minimum_assurance", Assurance.self) ?? policy.minimumAssurance
        for node in list(members[Key.allowDegraded], "allow_degraded") {
            if let protection = word(node, "allow_degraded", Protection.self) {
                policy.allowedDegraded.insert(protection)
            }
        }
        policy.allowsCached = flag(members[Key.cached], "cached") ?? policy.allowsCached
        policy.requiresProof = flag(members[Key.proof], "proof") ?? policy.requiresProof
        policy.maximumAgeMs = duration(members[Key.maximumAge], "maximum_age", in: 1_000...Self.longest)
        policy.waivers = Set(texts(members[Key.waivers], "waivers"))
        policy.maximumWaiverMs =
            duration(members[Key.maximumWaiver], "maximum_waiver", in: 1_000...Self.longest) ?? policy.maximumWaiverMs
        return policy
    }
}
