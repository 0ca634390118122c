/// The smallest card: one piece of work with a result that can be verified.
package struct Issue: Sendable, Hashable, Identifiable {
    /// Its `type` is `issue`.
    package var card: Card
    /// Who works on it, by the name of a seat of the epic's team.
    package var seat = SeatID.standard
    package var assignee: String?
    package var sprint: Sprint?
    package var requirements: String?
    /// Issues that must be done first, in the order of the file; each once.
    package var dependsOn: [CardID] = []
    /// Attempts that failed so far.
    package var retryCount = 0
    package var budget = IssueBudget()
    package var verification = IssueVerification()
    package var metrics = IssueMetrics()

    /// An issue that is ready.
    package init(id: CardID, name: String? = nil) { card = Card(id: id, type: .issue, name: name) }

    package var id: CardID { card.id }
}

/// How good the result of an issue is, by somebody's judgement; never part of whether it is done.
package struct IssueMetrics: Sendable, Hashable {
    /// What `grade` may say.
    package enum Grade: String, Sendable, CaseIterable {
        case pending = "Pending"
        case shippable = "Shippable"
        case nonShippable = "Non-Shippable"
    }

    package var score = 0.0
    package var grade = Grade.pending
    package var auditedAt: UTCTime?
    package var criteriaScores: [String: Double] = [:]
    package var shippabilityThreshold = 7.0
    package var pathDelta = 0.0

    /// Metrics of what nobody has judged yet.
    package init() {}
}
