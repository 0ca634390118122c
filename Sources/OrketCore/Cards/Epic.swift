/// A card that holds the issues of one result, and says who works on them.
package struct Epic: Sendable, Hashable, Identifiable {
    /// Its `type` is `epic`.
    package var card: Card
    package var team: TeamID
    package var environment: EnvironmentID
    /// 1 or more.
    package var iterations = 1
    package var handshakeEnabled = false
    /// In the order of the file.
    package var issues: [Issue] = []
    package var exampleTask: String?
    package var requirements: String?
    package var governance = ArchitectureGovernance()
    package var metrics: IssueMetrics?
    package var lessons: [Lesson] = []

    /// An epic without issues.
    package init(id: CardID, name: String? = nil, team: TeamID, environment: EnvironmentID) {
        card = Card(id: id, type: .epic, name: name)
        self.team = team
        self.environment = environment
    }

    package var id: CardID { card.id }
}

/// Which architecture an epic follows.
package struct ArchitectureGovernance: Sendable, Hashable {
    package var idesign = true
    package var pattern = "Standard"
    package var reasoning: String?

    /// The default.
    package init() {}
}

/// Something that was learned while working on a card.
package struct Lesson: Sendable, Hashable {
    /// Whether it went well.
    package enum Sentiment: String, Sendable, CaseIterable {
        case negative, positive
    }

    /// As it is written, usually `2026-02-09`.
    package var date: String
    package var category: String
    package var observation: String
    package var sentiment: Sentiment
    package var actionItem: String?

    /// A lesson.
    package init(date: String, category: String, observation: String, sentiment: Sentiment, actionItem: String? = nil) {
        self.date = date
        self.category = category
        self.observation = observation
        self.sentiment = sentiment
        self.actionItem = actionItem
    }
}
