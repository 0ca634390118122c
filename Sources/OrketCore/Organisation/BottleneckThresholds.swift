/// From when on waiting cards are worth a word. The raw names in files are those of `Key`.
package struct BottleneckThresholds: Sendable, Hashable {
    /// How long a card may stand blocked or waiting, hours.
    package var blockedHours = 24.0
    /// How long a card may stand in review, hours.
    package var reviewHours = 48.0
    /// Cards that one seat may have in progress.
    package var wipPerSeat = 3
    /// Ready cards that may wait for one seat.
    package var queuePerSeat = 5
    /// So many cards without a resource are nothing unusual.
    package var resourceNormal = 3
    /// From so many on, a warning.
    package var resourceWarning = 10
    /// From so many on, critical.
    package var resourceCritical = 11
    /// Share of the blocked cards that wait for others, 0...1.
    package var dependencyShare = 0.5
    /// So many cards that wait for a person's review or input ask for that person.
    package var humanAttention = 1

    /// Members of `bottleneck_thresholds`.
    package enum Key: String, FieldKey {
        case blockedHours = "blocked_duration_hours"
        case reviewHours = "review_duration_hours"
        case wipPerSeat = "wip_limit_per_seat"
        case queuePerSeat = "queue_depth_per_seat"
        case resourceNormal = "resource_normal"
        case resourceWarning = "resource_warning"
        case resourceCritical = "resource_critical"
        case dependencyShare = "dependency_warning_pct"
        case humanAttention = "human_attention_threshold"
    }

    /// The defaults.
    package init() {}

    /// Every defect at once, a sentence each.
    package var defects: [String] {
        var found: [String] = []
        func check(_ holds: Bool, _ key: Key, _ rule: String) {
            if !holds { found.append("'\(key.rawValue)' must be \(rule)") }
        }
        let hours = 0.001...87_600.0
        check(hours.contains(blockedHours), .blockedHours, "more than 0 and at most 87600")
        check(hours.contains(reviewHours), .reviewHours, "more than 0 and at most 87600")
        let counts: [(Int, Key)] = [
            (wipPerSeat, .wipPerSeat), (queuePerSeat, .queuePerSeat), (resourceNormal, .resourceNormal),
            (resourceWarning, .resourceWarning), (resourceCritical, .resourceCritical),
            (humanAttention, .humanAttention),
        ]
        for (count, key) in counts { check((1...1_000_000).contains(count), key, "between 1 and 1000000") }
        check((0...1).contains(dependencyShare), .dependencyShare, "between 0 and 1")
        check(resourceWarning > resourceNormal, .resourceWarning, "more than 'resource_normal'")
        check(resourceCritical >= resourceWarning, .resourceCritical, "at least 'resource_warning'")
        return found
    }
}

/// Thresholds for kinds of machines, by what they can run side by side: normal, warning, critical.
package enum ResourcePreset: String, Sendable, CaseIterable {
    case workstation
    case server
    case raspberryPi = "raspberry_pi"
    case cloud

    /// The defaults with the three counts of this machine.
    package var thresholds: BottleneckThresholds {
        let (normal, warning, critical) =
            switch self {
            case .workstation: (3, 8, 10)
            case .server: (12, 40, 50)
            case .raspberryPi: (1, 3, 5)
            case .cloud: (10, 50, 100)
            }
        var thresholds = BottleneckThresholds()
        thresholds.resourceNormal = normal
        thresholds.resourceWarning = warning
        thresholds.resourceCritical = critical
        return thresholds
    }
}
