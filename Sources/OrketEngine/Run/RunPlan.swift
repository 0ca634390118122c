package import OrketCore

/// What a run works on.
package struct RunPlan: Sendable {
    /// The issues of one epic with the build that they are kept in.
    package struct Part: Sendable {
        package let build: BuildID
        /// In the order of the file.
        package let issues: [Issue]

        /// The issues of a build.
        package init(build: BuildID, issues: [Issue]) {
            self.build = build
            self.issues = issues
        }
    }

    /// A new one begins a run, that of an interrupted run resumes it.
    package let session: SessionID
    package let target: CardID
    package let targetType: CardType
    /// One of an epic, several of a rock, in their order. All their issues are one graph.
    package let parts: [Part]
    /// Work on these only; nil for all. What they depend on must be done.
    package let only: Set<CardID>?
    /// SHA-256 of the board that the parts come from.
    package let configuration: HexDigest

    /// A plan for `target`.
    package init(
        session: SessionID, target: CardID, targetType: CardType, parts: [Part], only: Set<CardID>? = nil,
        configuration: HexDigest
    ) {
        self.session = session
        self.target = target
        self.targetType = targetType
        self.parts = parts
        self.only = only
        self.configuration = configuration
    }
}

/// How a run ended.
package struct RunReport: Sendable, Hashable {
    package let session: SessionID
    package let outcome: RunOutcome
    /// One for every issue of the plan, in its order.
    package let results: [IssueResult]
}

/// Why a run did not begin, or could not write down how it ended.
package enum EngineFailure: Error, Sendable, Hashable {
    case store(WorkStoreFailure)
    /// The session has ended before; what is left is a new run's.
    case sessionEnded(RunOutcome)
    /// The session is that of another card.
    case foreignSession(CardID)
    /// Another run works on a build; nothing was written.
    case busy(BuildID)
    /// Everything that is wrong with the dependencies, but cycles, which stall a run.
    case badDependencies([GraphDefect])
}
