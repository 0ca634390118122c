/// Who changes a card; stands in its history.
package struct Actor: Sendable, Hashable, CustomStringConvertible {
    /// What kind of actor; the raw values stand in the store.
    package enum Kind: String, Sendable, CaseIterable {
        /// The scheduler, on behalf of a session.
        case engine
        /// Somebody at a command line or in a browser.
        case person
        /// A seat of a team: a worker or a reviewer.
        case seat
        /// A forge that told of an event.
        case forge
    }

    package let kind: Kind
    /// 1...256 bytes; a stranger's text where a forge sent it: escape it before it meets a terminal.
    package let name: String

    /// Nil without a name, or with one that is too long.
    package init?(_ kind: Kind, _ name: String) {
        guard (1...256).contains(name.utf8.count) else { return nil }
        self.kind = kind
        self.name = name
    }

    /// The engine in the session `session`.
    package static func engine(_ session: SessionID) -> Actor { Actor(.engine, session.text)! }

    package var description: String { "\(kind.rawValue) \(name)" }
}
