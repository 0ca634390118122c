/// What was finished, on which evidence: written by `CardStore.change` with the change itself, and by nothing else; never
/// changed, never removed.
package protocol SuccessLedger: Sendable {
    /// Entries from the newest to the oldest, at most `limit`, before the number `before`.
    func successes(limit: Int, before number: Int64?) async throws(StoreError) -> [Success]

    /// Of these receipts, those that have completed an issue before, with that issue: what the gate asks for.
    func used(_ receipts: [HexDigest]) async throws(StoreError) -> [HexDigest: CardID]
}

/// One entry of the ledger.
package struct Success: Sendable, Hashable {
    /// From 1 without gaps.
    package var number: Int64
    package var card: CardID
    package var type: CardType
    /// Of the card when it became done: it may have been reset since, and done again.
    package var version: Int64
    package var at: UTCTime
    package var actor: Actor
    /// As in the history; nil for a card that its parts completed.
    package var evidence: JSONValue?

    /// An entry of all its parts.
    package init(
        number: Int64, card: CardID, type: CardType, version: Int64, at: UTCTime, actor: Actor, evidence: JSONValue?
    ) {
        self.number = number
        self.card = card
        self.type = type
        self.version = version
        self.at = at
        self.actor = actor
        self.evidence = evidence
    }
}

extension Success {
    /// A token as it stands in history and ledger: `{"basis","candidate","policy","records","receipts","decidedAt"}`, and with a
    /// waiver `person`, `reason`, `expiresAt` and `document` instead of `receipts`.
    package static func evidence(_ token: VerifiedEvidence) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("candidate", .string(token.candidate.text)), .init("policy", .string(token.policy.text)),
            .init("records", .array(token.records.map { .string($0.text) })),
            .init("decidedAt", .string(token.decidedAt.rfc3339)),
        ]
        switch token.basis {
        case .receipts(let receipts):
            members.insert(.init("basis", .string("receipts")), at: 0)
            members.append(.init("receipts", .array(receipts.map { .string($0.text) })))
        case .waiver(let waiver):
            members.insert(.init("basis", .string("waiver")), at: 0)
            members += [
                .init("person", .string(waiver.person)), .init("reason", .string(waiver.reason)),
                .init("expiresAt", .string(waiver.expiresAt.rfc3339)),
                .init("document", .string(waiver.document.text)),
            ]
        }
        return .object(members)
    }
}
