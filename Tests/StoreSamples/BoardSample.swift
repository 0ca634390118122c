package import OrketCore

/// A small board, and the gate's token for its issues.
package enum BoardSample {
    package static let now = UTCTime(milliseconds: 1_764_000_000_000)
    package static let person = Actor(.person, "ada")!
    package static let epic = CardID("billing")!
    package static let build = BuildID(epic: epic)!
    package static let session = SessionID("s1")!

    package static func id(_ text: String) -> CardID { CardID(text)! }

    /// An issue of the sample's epic.
    package static func issue(_ name: String, after needs: [String] = [], priority: Priority = .medium) -> Issue {
        var issue = Issue(id: id(name), name: "Issue \(name)")
        issue.card.parent = epic
        issue.card.build = build
        issue.card.priority = priority
        issue.dependsOn = needs.map(id)
        issue.verification = IssueVerification(fixtures: [name])
        return issue
    }

    /// The epic and its issues: a chain of three.
    package static func definitions(_ names: [String] = ["schema", "api", "app"]) -> [CardDefinition] {
        var epic = Epic(id: epic, name: "Billing", team: TeamID("core")!, environment: EnvironmentID("plain")!)
        epic.card.build = build
        let issues = zip(names, [nil] + names.map(Optional.some)).map { name, before in
            CardDefinition.issue(issue(name, after: before.map { [$0] } ?? []))
        }
        return [.epic(epic)] + issues
    }

    /// A request about a card that is known.
    package static func request(
        _ card: CardRecord, _ change: TransitionRequest.Change, wait: WaitReason? = nil,
        evidence: VerifiedEvidence? = nil, by actor: Actor = person, reason: String = "because"
    ) -> TransitionRequest {
        TransitionRequest(
            card.id, version: card.version, change, by: actor, roles: [.integrityGuard],
            waitReason: wait, evidence: evidence, reason: reason, at: now)
    }

    /// What the gate mints for an issue whose one fixture has passed; `receipt` names the receipt.
    package static func evidence(of issue: CardID, receipt: UInt8 = 9) -> VerifiedEvidence {
        var random = SystemRandomNumberGenerator()
        let checked = CheckedReceipt(
            verified: .sample(receipt), candidate: .sample(1), fixture: .sample(2), policy: .sample(3),
            outcome: .passed,
            assurance: .blackbox, level: .cgroups, degraded: [],
            record: EvidenceID(milliseconds: now.milliseconds, using: &random), recordedAt: now, isProven: true,
            isCached: false)
        let question = GateQuestion(
            issue: issue, candidate: .sample(1),
            fixtures: [GateQuestion.Fixture(name: "sum", digest: .sample(2), policy: .sample(3))],
            policyDigest: .sample(5), receipts: [checked], now: now)
        return Gate.decide(question).evidence!
    }

    package static func session(_ id: String = "s1", of target: CardID = epic) -> RunSession {
        RunSession(
            id: SessionID(id)!, target: target, targetType: .epic, builds: [build], startedAt: now,
            configuration: .sample(8))
    }
}
