/// One run of an epic, rock or issue: opened before anything is done, closed once with its outcome. A session that is open when
/// nobody works on it was interrupted, and can be resumed.
package struct RunSession: Sendable, Hashable {
    package var id: SessionID
    /// The card that was asked for.
    package var target: CardID
    package var targetType: CardType
    /// Of the epics that it works on, in their order.
    package var builds: [BuildID]
    package var startedAt: UTCTime
    package var endedAt: UTCTime?
    /// Nil while it is open.
    package var outcome: RunOutcome?
    /// SHA-256 of the board as it was when the run began.
    package var configuration: HexDigest

    /// A session that begins.
    package init(
        id: SessionID, target: CardID, targetType: CardType, builds: [BuildID], startedAt: UTCTime,
        configuration: HexDigest
    ) {
        self.id = id
        self.target = target
        self.targetType = targetType
        self.builds = builds
        self.startedAt = startedAt
        self.configuration = configuration
    }
}
