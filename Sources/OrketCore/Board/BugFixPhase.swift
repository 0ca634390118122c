/// The weeks after a rock in which its bugs are mended. A value; nothing happens to it but by `step` and `abort`, which get the
/// time and the bugs.
package struct BugFixPhase: Sendable, Hashable {
    /// The raw values stand in the store.
    package enum Status: String, Sendable, CaseIterable {
        case active, extended, completed, aborted

        /// It goes on.
        package var isOpen: Bool { self == .active || self == .extended }
    }

    package let rock: CardID
    package let startedAt: UTCTime
    package private(set) var endsAt: UTCTime
    package private(set) var status = Status.active
    package private(set) var closedAt: UTCTime?

    /// A phase that begins.
    package init(rock: CardID, startedAt: UTCTime, rules: BugFixRules) {
        self.rock = rock
        self.startedAt = startedAt
        endsAt = Self.after(startedAt, days: rules.initialDays)
    }

    /// A phase as it was stored.
    package init(rock: CardID, startedAt: UTCTime, endsAt: UTCTime, status: Status, closedAt: UTCTime?) {
        self.rock = rock
        self.startedAt = startedAt
        self.endsAt = endsAt
        self.status = status
        self.closedAt = closedAt
    }

    /// What follows from the time: before its end nothing; at its end it is extended as long as bugs come in too fast or
    /// too many of them are critical, up to the longest phase; then it is completed. However long nobody asked, the result
    /// is what it is.
    package func step(now: UTCTime, bugs: [BugReport], rules: BugFixRules) -> BugFixPhase {
        var phase = self
        let last = Self.after(startedAt, days: rules.maximumDays)
        while phase.status.isOpen, now.milliseconds >= phase.endsAt.milliseconds {
            let known = bugs.filter { $0.discoveredAt.milliseconds <= phase.endsAt.milliseconds }
            let days = Double(phase.endsAt.milliseconds - startedAt.milliseconds) / Double(Self.dayMs)
            let isNeeded = rules.isExtensionNeeded(bugs: known, daysElapsed: days)
            if isNeeded, phase.endsAt.milliseconds < last.milliseconds {
                let next = Self.after(phase.endsAt, days: rules.extensionDays)
                phase.endsAt = UTCTime(milliseconds: min(next.milliseconds, last.milliseconds))
                phase.status = .extended
            } else {
                phase.status = .completed
                phase.closedAt = phase.endsAt
            }
        }
        return phase
    }

    /// Ends it early; one that has ended stays as it is.
    package func abort(now: UTCTime) -> BugFixPhase {
        var phase = self
        if phase.status.isOpen {
            phase.status = .aborted
            phase.closedAt = now
        }
        return phase
    }

    /// The rock that takes what is left: named when the phase is completed with open bugs, nil otherwise or when the name
    /// would be too long.
    package func followUp(bugs: [BugReport]) -> CardID? {
        status == .completed && bugs.contains { $0.isOpen } ? CardID("\(rock)-phase2") : nil
    }

    static let dayMs: Int64 = 86_400_000

    private static func after(_ time: UTCTime, days: Int) -> UTCTime {
        UTCTime(milliseconds: time.milliseconds + Int64(days) * dayMs)
    }
}

/// A bug as far as the phase looks at it.
package struct BugReport: Sendable, Hashable {
    package var discoveredAt: UTCTime
    package var priority: Priority
    package var isOpen: Bool

    /// A bug.
    package init(discoveredAt: UTCTime, priority: Priority, isOpen: Bool) {
        self.discoveredAt = discoveredAt
        self.priority = priority
        self.isOpen = isOpen
    }
}

/// How long phases are. The names in files are those of `Key`.
package struct BugFixRules: Sendable, Hashable {
    package var initialDays = 7
    package var maximumDays = 28
    package var extensionDays = 7
    /// Bugs a day.
    package var highRate = 5.0
    /// More critical bugs than these extend a phase.
    package var criticalBugs = 3

    /// Members of the process rules.
    package enum Key: String, FieldKey {
        case initialDays = "bug_fix_initial_days"
        case maximumDays = "bug_fix_max_days"
        case highRate = "bug_discovery_high_rate"
        case criticalBugs = "bug_critical_threshold"
    }

    /// The defaults.
    package init() {}

    /// Every defect at once, a sentence each.
    package var defects: [String] {
        var found: [String] = []
        func check(_ holds: Bool, _ key: Key, _ rule: String) {
            if !holds { found.append("'\(key.rawValue)' must be \(rule)") }
        }
        check((1...365).contains(initialDays), .initialDays, "between 1 and 365")
        check(
            (initialDays...3_650).contains(max(maximumDays, initialDays)) && maximumDays >= initialDays, .maximumDays,
            "between 'bug_fix_initial_days' and 3650")
        check((0...1_000_000).contains(highRate), .highRate, "between 0 and 1000000")
        check((0...1_000_000).contains(criticalBugs), .criticalBugs, "between 0 and 1000000")
        return found
    }

    /// Bugs come in too fast, or too many open ones are critical.
    func isExtensionNeeded(bugs: [BugReport], daysElapsed: Double) -> Bool {
        let rate = Double(bugs.count) / max(daysElapsed, 1)
        return rate > highRate || bugs.count { $0.isOpen && $0.priority >= .critical } > criticalBugs
    }
}
