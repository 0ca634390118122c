package import OrketCore

/// Something that happened in a run, after it was written down.
package struct RunEvent: Sendable, Hashable {
    /// What happened.
    package enum Kind: Sendable, Hashable {
        case begun
        case delivered(HexDigest)
        case verified([EvidenceID])
        case done
        /// An attempt failed and another one follows, after so many milliseconds.
        case requeued(AttemptResult.Kind, reasons: [String], delayMs: Int64)
        /// Nobody will try again by himself.
        case blocked(AttemptResult.Kind, reasons: [String])
        /// It was begun and is ready again, because the run stops.
        case putBack
        /// Work of a run that was interrupted goes on at this status.
        case resumed(CardStatus)
        /// Somebody else changed the card.
        case lost(String)
    }

    package let issue: CardID
    /// Number of the attempt; 0 where none is meant.
    package let attempt: Int
    package let kind: Kind
    package let at: UTCTime
}

/// Watches a run; must return at once.
package protocol RunObserver: Sendable {
    /// Called in the order in which things happened, one at a time.
    func observe(_ event: RunEvent)
}
