internal import OrketCore

extension DefinitionReader {
    /// The organisation; nil when what it must have is missing.
    mutating func organisation(_ node: DocumentNode) -> Organisation? {
        typealias Key = Organisation.Key
        guard let members = members(node, "an organisation", Key.spellings) else { return nil }
        if text(members[Key.schema], Key.schema.rawValue) != "1.0.0" {
            report(members.place(Key.schema), "`schema_version` must be \"1.0.0\"")
        }
        let name = text(required(members, Key.name, "an organisation"), "name")
        let vision = text(required(members, Key.vision, "an organisation"), "vision")
        let ethos = text(required(members, Key.ethos, "an organisation"), "ethos")
        var departments: [DepartmentID] = []
        for node in list(members[Key.departments], "departments") {
            guard let id = self.name(node, "departments", DepartmentID.self) else { continue }
            if departments.contains(id) { report(node.place, "the department '\(id)' is named twice") }
            departments.append(id)
        }
        var threshold: Int64 = 7
        if let node = members[Key.architecture],
            let fields = self.members(node, "`architecture`", Organisation.ArchitectureKey.spellings)
        {
            typealias Part = Organisation.ArchitectureKey
            threshold = integer(fields[Part.idesignThreshold], "idesign_threshold", in: 0...100_000) ?? threshold
            _ = object(fields[Part.preferredStack], "preferred_stack")
            if let rules = fields[Part.cicdRules] { _ = rules.json(&findings) }
        }
        let thresholds = thresholds(members[Key.thresholds])
        let (branding, contact) = (object(members[Key.branding], "branding"), object(members[Key.contact], "contact"))
        let rules = object(members[Key.processRules], "process_rules")
        guard let name, let vision, let ethos else { return nil }
        return Organisation(
            name: name, vision: vision, ethos: ethos, departments: departments, idesignThreshold: Int(threshold),
            thresholds: thresholds, branding: branding, contact: contact, processRules: rules)
    }

    private mutating func thresholds(_ node: DocumentNode?) -> BottleneckThresholds {
        typealias Key = BottleneckThresholds.Key
        var value = BottleneckThresholds()
        guard let node, let members = members(node, "`bottleneck_thresholds`", Key.spellings) else { return value }
        let (numbers, counts) = (-1e9...1e9, Int64(-1_000_000_000)...Int64(1_000_000_000))
        func set(_ path: WritableKeyPath<BottleneckThresholds, Double>, _ key: Key) {
            if let number = number(members[key], key.rawValue, in: numbers) { value[keyPath: path] = number }
        }
        func set(_ path: WritableKeyPath<BottleneckThresholds, Int>, _ key: Key) {
            if let count = integer(members[key], key.rawValue, in: counts) { value[keyPath: path] = Int(count) }
        }
        set(\.blockedHours, .blockedHours)
        set(\.reviewHours, .reviewHours)
        set(\.dependencyShare, .dependencyShare)
        set(\.wipPerSeat, .wipPerSeat)
        set(\.queuePerSeat, .queuePerSeat)
        set(\.resourceNormal, .resourceNormal)
        set(\.resourceWarning, .resourceWarning)
        set(\.resourceCritical, .resourceCritical)
        set(\.humanAttention, .humanAttention)
        for defect in value.defects { report(node.place, defect) }
        return value
    }
}
