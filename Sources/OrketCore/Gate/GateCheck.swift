/// One fixture of a question against the receipts.
struct GateCheck {
    let question: GateQuestion
    let fixture: GateQuestion.Fixture

    /// The last receipt about exactly this content, fixture and policy.
    var receipt: CheckedReceipt? {
        fresh.max { ($0.recordedAt.milliseconds, $0.record.text) < ($1.recordedAt.milliseconds, $1.record.text) }
    }

    /// Receipts about exactly this content, fixture and policy.
    private var fresh: [CheckedReceipt] {
        question.receipts.filter {
            $0.fixture == fixture.digest && $0.candidate == question.candidate && $0.policy == fixture.policy
        }
    }

    /// Everything against it, in the order of the codes; empty when the fixture is satisfied by `receipt`.
    var reasons: [GateReason] {
        guard let receipt else { return [absence] }
        return origin(of: receipt) + verdict(of: receipt) + strength(of: receipt)
    }

    private func reason(_ code: GateReason.Code, _ detail: String, _ repair: String) -> GateReason {
        GateReason(code, fixture: fixture.name, detail, repair: repair)
    }

    /// Why there is no receipt that fits: none at all, or one that almost does.
    private var absence: GateReason {
        let ofFixture = question.receipts.filter { $0.fixture == fixture.digest && $0.candidate == question.candidate }
        if let weaker = ofFixture.compactMap({ question.weakened[$0.policy] }).first {
            return reason(
                .policyWeakened, "it was judged under a weaker policy: \(weaker)", "verify under the base policy")
        }
        if !ofFixture.isEmpty {
            return reason(.stale, "the evidence is of another policy", "verify under the policy that is in force")
        }
        let ofCandidate = question.receipts.contains { $0.candidate == question.candidate }
        let ofOther = question.receipts.contains { $0.fixture == fixture.digest }
        if ofOther {
            return reason(.stale, "the evidence is of other content than what is delivered", "verify what is delivered")
        }
        let others = Set(question.fixtures.map(\.digest))
        if ofCandidate, question.receipts.contains(where: { !others.contains($0.fixture) }) {
            return reason(
                .stale, "the evidence is of another fixture, or of this one before it was changed", "verify again")
        }
        return reason(.missing, "there is no evidence", "verify the candidate")
    }

    private func origin(of receipt: CheckedReceipt) -> [GateReason] {
        var found: [GateReason] = []
        if let most = question.policy.maximumAgeMs, question.now.milliseconds - receipt.recordedAt.milliseconds > most {
            found.append(reason(.stale, "the evidence is older than the policy takes", "verify again"))
        }
        if let other = question.used[receipt.receipt], other != question.issue {
            found.append(
                reason(.replayed, "the same receipt has completed '\(other)'", "verify this issue's own candidate"))
        }
        if receipt.isCached, !question.policy.allowsCached {
            found.append(reason(.cached, "the verdict was taken from an earlier run", "verify without the cache"))
        }
        return found
    }

    private func verdict(of receipt: CheckedReceipt) -> [GateReason] {
        switch receipt.outcome {
        case .passed: break
        case .failed, .rejected:
            let what = "the verification is '\(receipt.outcome.rawValue)'"
            return [reason(.failed, what, "mend the candidate and verify again")]
        case .inconclusive, .cancelled:
            let what = "the verification is '\(receipt.outcome.rawValue)', which says nothing about the candidate"
            return [
                reason(.inconclusive, what, "find out why, then verify again: orket evidence show \(receipt.record)")
            ]
        }
        // An inconclusive run says nothing about the candidate; one that failed does, and asking until it passes is no proof.
        let against = fresh.filter { $0.outcome == .failed || $0.outcome == .rejected }
        guard let other = against.first else { return [] }
        return [
            reason(
                .contradicted,
                "the same content has passed, and was '\(other.outcome.rawValue)' in the record \(other.record)",
                "make candidate and fixture deterministic")
        ]
    }

    private func strength(of receipt: CheckedReceipt) -> [GateReason] {
        var found: [GateReason] = []
        let policy = question.policy
        if policy.requiresProof, !receipt.isProven {
            found.append(
                reason(
                    .unproven, "nobody has shown that the fixture can fail", "orket fixture prove it, then verify again"
                ))
        }
        let absent = receipt.degraded.filter { !policy.allowedDegraded.contains($0) }
        if !absent.isEmpty {
            let names = absent.map(\.rawValue).joined(separator: ", ")
            found.append(
                reason(.degraded, "the sandbox was without \(names)", "verify on a host that has them: orket doctor"))
        }
        if receipt.level < policy.minimumLevel {
            let levels = "\(receipt.level.rawValue), and the policy demands \(policy.minimumLevel.rawValue)"
            found.append(
                reason(.isolation, "the isolation level was \(levels)", "verify on a host that has it: orket doctor"))
        }
        if !receipt.assurance.isAtLeast(policy.minimumAssurance) {
            let names = "'\(receipt.assurance.rawValue)', and the policy demands '\(policy.minimumAssurance.rawValue)'"
            found.append(
                reason(.assurance, "the assurance is \(names)", "use a fixture of a kind that binds the candidate more")
            )
        }
        return found
    }
}

/// A waiver against the policy.
struct WaiverCheck {
    let question: GateQuestion
    let waiver: Waiver

    /// Everything against it.
    var reasons: [GateReason] {
        var found: [GateReason] = []
        func refuse(_ holds: Bool, _ detail: String, _ repair: String) {
            if !holds { found.append(GateReason(.waiver, "the waiver \(detail)", repair: repair)) }
        }
        let (now, from, until) = (
            question.now.milliseconds, waiver.issuedAt.milliseconds, waiver.expiresAt.milliseconds
        )
        refuse(
            question.policy.waivers.contains(waiver.person), "is of '\(waiver.person)', who may not give one",
            "name that person under 'waivers' in the policy")
        refuse(waiver.issue == question.issue, "is for '\(waiver.issue)'", "write one for this issue")
        refuse(waiver.candidate == question.candidate, "is for other content", "write one for what is delivered")
        refuse(waiver.reason.contains { !$0.isWhitespace }, "gives no reason", "say why")
        refuse(from <= now, "is not valid yet", "check the clock")
        refuse(now < until, "has expired", "write a new one")
        refuse(
            until.subtractingReportingOverflow(from).partialValue <= question.policy.maximumWaiverMs,
            "holds longer than the policy takes", "let it expire earlier")
        return found
    }
}
