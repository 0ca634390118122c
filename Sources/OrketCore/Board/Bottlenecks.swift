/// One card as far as a diagnosis looks at it.
package struct FlowCard: Sendable, Hashable {
    package var id: CardID
    package var status: CardStatus
    package var waitReason: WaitReason?
    package var seat: SeatID
    package var enteredStatusAt: UTCTime

    /// A card that stands in `status` since `enteredStatusAt`.
    package init(id: CardID, status: CardStatus, waitReason: WaitReason?, seat: SeatID, enteredStatusAt: UTCTime) {
        self.id = id
        self.status = status
        self.waitReason = waitReason
        self.seat = seat
        self.enteredStatusAt = enteredStatusAt
    }

    /// The card of a stored issue.
    package init(_ stored: StoredIssue) {
        self.init(
            id: stored.id, status: stored.status, waitReason: stored.issue.card.waitReason, seat: stored.issue.seat,
            enteredStatusAt: stored.enteredStatusAt)
    }
}

/// What holds work up.
package struct Bottleneck: Sendable, Hashable {
    /// Closed; the raw values stand in results of commands.
    package enum Code: String, Sendable, CaseIterable {
        /// No card is blocked.
        case healthy
        /// Cards wait for resources, and nothing is in progress that could free one.
        case nothingRunning = "nothing_running"
        case resourceCritical = "resource_critical"
        case resourceWarning = "resource_warning"
        /// More than normal, less than a warning.
        case resourceElevated = "resource_elevated"
        case resourceNormal = "resource_normal"
        case dependencyShare = "dependency_share"
        case humanRequired = "human_required"
        case blockedTooLong = "blocked_too_long"
        case reviewTooLong = "review_too_long"
        case seatOverloaded = "seat_overloaded"
        case seatQueue = "seat_queue"
    }

    /// How much it asks for somebody.
    package enum Severity: String, Sendable, CaseIterable {
        case ok, attention, warning, critical
    }

    package let code: Code
    package let severity: Severity
    /// Cards that it is about, in the order in which they were given.
    package let cards: [CardID]
    /// For `seat_overloaded` and `seat_queue`.
    package let seat: SeatID?
    /// A sentence without full stop.
    package let detail: String
}

/// Says what holds work up. Pure: cards, time and thresholds in, findings in the order of their codes out.
package enum Bottlenecks {
    /// Every finding that holds; `healthy` alone where no card is blocked and nothing else is found.
    package static func diagnose(
        _ cards: [FlowCard], now: UTCTime, thresholds: BottleneckThresholds
    ) -> [Bottleneck] {
        let diagnosis = BottleneckDiagnosis(cards: cards, now: now, thresholds: thresholds)
        let found =
            diagnosis.resources + diagnosis.dependencies + diagnosis.people + diagnosis.durations + diagnosis.seats
        if diagnosis.blocked.isEmpty {
            let healthy = Bottleneck(code: .healthy, severity: .ok, cards: [], seat: nil, detail: "no card is blocked")
            return [healthy] + found
        }
        return found
    }
}

/// The rules, each by itself.
private struct BottleneckDiagnosis {
    let cards: [FlowCard]
    let now: UTCTime
    let thresholds: BottleneckThresholds

    var blocked: [FlowCard] { cards.filter { $0.status.needsWaitReason } }

    var resources: [Bottleneck] {
        let waiting = blocked.filter { $0.waitReason == .resource }
        if waiting.isEmpty { return [] }
        let count = waiting.count
        let (code, severity, detail): (Bottleneck.Code, Bottleneck.Severity, String)
        if !cards.contains(where: { $0.status == .inProgress }) {
            (code, severity, detail) = (
                .nothingRunning, .critical, "cards wait for resources and nothing is in progress"
            )
        } else if count >= thresholds.resourceCritical {
            (code, severity, detail) = (.resourceCritical, .critical, "\(count) cards wait for resources")
        } else if count >= thresholds.resourceWarning {
            (code, severity, detail) = (.resourceWarning, .warning, "\(count) cards wait for resources")
        } else if count > thresholds.resourceNormal {
            (code, severity, detail) = (
                .resourceElevated, .attention, "\(count) cards wait for resources, more than usual"
            )
        } else {
            (code, severity, detail) = (.resourceNormal, .ok, "\(count) cards wait for resources, as usual")
        }
        return [finding(code, severity, waiting, detail)]
    }

    var dependencies: [Bottleneck] {
        let waiting = blocked.filter { $0.waitReason == .dependency }
        guard !waiting.isEmpty, Double(waiting.count) >= thresholds.dependencyShare * Double(blocked.count) else {
            return []
        }
        return [
            finding(
                .dependencyShare, .attention, waiting,
                "\(waiting.count) of \(blocked.count) blocked cards wait for other cards")
        ]
    }

    var people: [Bottleneck] {
        let waiting = blocked.filter { $0.waitReason.map(\.isForPeople) ?? false }
        guard waiting.count >= thresholds.humanAttention else { return [] }
        return [
            finding(.humanRequired, .warning, waiting, "\(waiting.count) cards wait for somebody's review or input")
        ]
    }

    var durations: [Bottleneck] {
        func older(_ cards: [FlowCard], than hours: Double) -> [FlowCard] {
            // A clock that was set back makes no card older than it is.
            cards.filter { Double(max(0, now.milliseconds - $0.enteredStatusAt.milliseconds)) > hours * 3_600_000 }
        }
        let late = older(blocked, than: thresholds.blockedHours)
        let unread = older(cards.filter { $0.status == .codeReview }, than: thresholds.reviewHours)
        var found: [Bottleneck] = []
        if !late.isEmpty {
            found.append(
                finding(.blockedTooLong, .warning, late, "blocked for more than \(thresholds.blockedHours) hours"))
        }
        if !unread.isEmpty {
            found.append(
                finding(.reviewTooLong, .warning, unread, "in review for more than \(thresholds.reviewHours) hours"))
        }
        return found
    }

    var seats: [Bottleneck] {
        func bySeat(_ status: CardStatus, more limit: Int) -> [(SeatID, [FlowCard])] {
            Dictionary(grouping: cards.filter { $0.status == status }, by: \.seat)
                .filter { $0.value.count > limit }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        let overloaded = bySeat(.inProgress, more: thresholds.wipPerSeat).map { seat, cards in
            finding(
                .seatOverloaded, .warning, cards, "seat '\(seat)' has \(cards.count) cards in progress", seat: seat)
        }
        let queues = bySeat(.ready, more: thresholds.queuePerSeat).map { seat, cards in
            finding(.seatQueue, .attention, cards, "\(cards.count) cards are ready for seat '\(seat)'", seat: seat)
        }
        return overloaded + queues
    }

    private func finding(
        _ code: Bottleneck.Code, _ severity: Bottleneck.Severity, _ cards: [FlowCard], _ detail: String,
        seat: SeatID? = nil
    ) -> Bottleneck {
        Bottleneck(code: code, severity: severity, cards: cards.map(\.id), seat: seat, detail: detail)
    }
}
