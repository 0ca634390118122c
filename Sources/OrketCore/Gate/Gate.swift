/// The token without which no issue becomes done: that the gate found the evidence for this very content of this very issue
/// good. Only `Gate.decide` makes one, so no caller can claim it.
package struct VerifiedEvidence: Sendable, Hashable {
    /// What the acceptance rests on.
    package enum Basis: Sendable, Hashable {
        /// Receipts, in the order of the fixtures.
        case receipts([HexDigest])
        case waiver(Waiver)
    }

    package let issue: CardID
    /// Of the content that was accepted.
    package let candidate: HexDigest
    /// Of the gate's policy.
    package let policy: HexDigest
    /// Records of the verifications, in the order of the fixtures.
    package let records: [EvidenceID]
    package let basis: Basis
    package let decidedAt: UTCTime

    fileprivate init(_ question: GateQuestion, accepting receipts: [CheckedReceipt]) {
        issue = question.issue
        candidate = question.candidate
        policy = question.policyDigest
        records = receipts.map(\.record)
        basis = .receipts(receipts.map(\.receipt))
        decidedAt = question.now
    }

    fileprivate init(_ question: GateQuestion, waivedBy waiver: Waiver) {
        issue = question.issue
        candidate = question.candidate
        policy = question.policyDigest
        records = []
        basis = .waiver(waiver)
        decidedAt = question.now
    }
}

/// Decides whether an issue may become done. Pure: the same question has the same answer, so a decision can be made again after
/// a crash, and checked offline.
package enum Gate {
    /// Accepted when every fixture has a good receipt about the delivered content and no receipt is bad; or, where that
    /// fails, when the policy takes the waiver that was given.
    package static func decide(_ question: GateQuestion) -> GateRuling {
        var reasons = question.badReceipts.map { bad in
            GateReason(
                .forged, "the receipt '\(bad.name)' vouches for nothing: \(bad.detail)",
                repair: "verify again and remove it")
        }
        if question.fixtures.isEmpty {
            reasons.append(
                GateReason(
                    .noFixture, "the issue names no fixture, and what is not verified is not done",
                    repair: "name one under 'verification'"))
        }
        var accepted: [CheckedReceipt] = []
        for fixture in question.fixtures {
            let check = GateCheck(question: question, fixture: fixture)
            let found = check.reasons
            if found.isEmpty, let receipt = check.receipt { accepted.append(receipt) } else { reasons += found }
        }
        if reasons.isEmpty { return .accepted(VerifiedEvidence(question, accepting: accepted)) }
        guard let waiver = question.waiver else { return .refused(reasons) }
        let against = WaiverCheck(question: question, waiver: waiver).reasons
        return against.isEmpty ? .accepted(VerifiedEvidence(question, waivedBy: waiver)) : .refused(reasons + against)
    }
}
