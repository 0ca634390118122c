/// All that the gate looks at. Fixtures, their policies and the gate's own policy are the base versions: what a delivery brings
/// itself never judges that delivery.
package struct GateQuestion: Sendable {
    /// A fixture that the issue must pass.
    package struct Fixture: Sendable, Hashable {
        /// As the issue names it.
        package var name: String
        package var digest: HexDigest
        /// Of the policy that it must be judged under.
        package var policy: HexDigest

        /// A required fixture.
        package init(name: String, digest: HexDigest, policy: HexDigest) {
            self.name = name
            self.digest = digest
            self.policy = policy
        }
    }

    package var issue: CardID
    /// Of the content that is delivered, computed from that content now.
    package var candidate: HexDigest
    package var fixtures: [Fixture]
    package var policy: GatePolicy
    package var policyDigest: HexDigest
    package var receipts: [CheckedReceipt]
    package var badReceipts: [BadReceipt]
    /// Receipts that have completed another issue before, each with that issue.
    package var used: [HexDigest: CardID]
    /// Policies, by digest, that are known to be weaker than the one a fixture must be judged under, with what is weaker.
    package var weakened: [HexDigest: String]
    package var waiver: Waiver?
    package var now: UTCTime

    /// A question without receipts.
    package init(
        issue: CardID, candidate: HexDigest, fixtures: [Fixture], policy: GatePolicy = GatePolicy(),
        policyDigest: HexDigest, receipts: [CheckedReceipt] = [], badReceipts: [BadReceipt] = [],
        used: [HexDigest: CardID] = [:], weakened: [HexDigest: String] = [:], waiver: Waiver? = nil, now: UTCTime
    ) {
        self.issue = issue
        self.candidate = candidate
        self.fixtures = fixtures
        self.policy = policy
        self.policyDigest = policyDigest
        self.receipts = receipts
        self.badReceipts = badReceipts
        self.used = used
        self.weakened = weakened
        self.waiver = waiver
        self.now = now
    }
}

/// A person's word instead of evidence: for one content of one issue, with a reason and an end. It is kept and shown for ever.
package struct Waiver: Sendable, Hashable {
    package var issue: CardID
    package var candidate: HexDigest
    package var person: String
    package var reason: String
    package var issuedAt: UTCTime
    package var expiresAt: UTCTime
    /// SHA-256 of the signed document; the signature was found good by whoever made this value.
    package var document: HexDigest

    /// A waiver whose signature was checked.
    package init(
        issue: CardID, candidate: HexDigest, person: String, reason: String, issuedAt: UTCTime, expiresAt: UTCTime,
        document: HexDigest
    ) {
        self.issue = issue
        self.candidate = candidate
        self.person = person
        self.reason = reason
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.document = document
    }
}
