/// A change of status that was found right. Only `StateMachine` makes one, and whoever keeps cards writes nothing else: with a
/// compare-and-set on `from` and `fromVersion`, in one transaction with the entry of the card's history.
package struct Transition: Sendable {
    package let card: CardID
    package let type: CardType
    package let from: CardStatus
    package let to: CardStatus
    package let fromVersion: Int64
    /// What the card waits for at `to`; nil clears what was there.
    package let waitReason: WaitReason?
    /// Nil for a move of the table.
    package let event: SystemEvent?
    package let actor: Actor
    package let roles: Set<RoleID>
    /// Present exactly when an issue becomes done.
    package let evidence: VerifiedEvidence?
    package let reason: String
    package let at: UTCTime

    package var toVersion: Int64 { fromVersion + 1 }

    fileprivate init(
        _ request: TransitionRequest, facts: TransitionFacts, to status: CardStatus, waitReason: WaitReason?,
        event: SystemEvent?
    ) {
        card = request.card
        type = facts.type
        from = facts.status
        to = status
        fromVersion = facts.version
        self.waitReason = waitReason
        self.event = event
        actor = request.actor
        roles = request.roles
        evidence = facts.type == .issue && status == .done ? request.evidence : nil
        reason = request.reason
        at = request.at
    }
}

/// The one judge of changes of status. Pure: the request and the facts in, a transition or every reason against it out.
package enum StateMachine {
    private typealias Problem = TransitionRefusal.Problem

    /// Nil when the card is already where the move wants it, waiting for the same: nothing is to be written.
    package static func decide(
        _ request: TransitionRequest, facts: TransitionFacts
    ) throws(TransitionRefusal) -> Transition? {
        var problems: [Problem] = []
        let decided: Transition?
        switch request.change {
        case .move(let status):
            if status == facts.status, !status.needsWaitReason || request.waitReason == facts.waitReason { return nil }
            problems = moveProblems(request, to: status, facts)
            let waitReason = status.needsWaitReason ? request.waitReason : nil
            decided = Transition(request, facts: facts, to: status, waitReason: waitReason, event: nil)
        case .event(let event):
            problems = eventProblems(request, event, facts)
            let rule = event.rule
            decided = Transition(request, facts: facts, to: rule.to, waitReason: rule.waitReason, event: event)
        }
        if request.version != facts.version {
            problems.append(
                Problem(
                    .staleVersion,
                    "it changed since it was read (version \(facts.version), not \(request.version)): read it again"))
        }
        if request.reason.utf8.count > TransitionRequest.maximumReasonBytes {
            let most = TransitionRequest.maximumReasonBytes
            problems.append(Problem(.reasonTooLong, "the reason has more than \(most) bytes: shorten it"))
        }
        if problems.isEmpty { return decided }
        let order = Problem.Code.allCases
        throw TransitionRefusal(
            card: request.card,
            problems: problems.sorted { order.firstIndex(of: $0.code)! < order.firstIndex(of: $1.code)! })
    }

    private static func moveProblems(
        _ request: TransitionRequest, to status: CardStatus, _ facts: TransitionFacts
    ) -> [Problem] {
        var problems: [Problem] = []
        let targets = TransitionTable.targets(facts.type, from: facts.status)
        if !targets.contains(status) {
            let possible = targets.map(\.rawValue).joined(separator: ", ")
            problems.append(
                Problem(
                    .noSuchTransition,
                    "no \(facts.type.rawValue) goes from \(facts.status.rawValue) to \(status.rawValue): "
                        + (possible.isEmpty ? "it can go nowhere from there" : "it can go to \(possible)")))
        }
        if status.needsWaitReason, request.waitReason == nil {
            let words = WaitReason.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append(Problem(.waitReasonMissing, "\(status.rawValue) needs a wait reason: one of \(words)"))
        }
        if facts.type == .issue, status == .done { problems += evidenceProblems(request) }
        if facts.type == .issue, status == .done || status == .inProgress, !facts.openDependencies.isEmpty {
            problems.append(
                Problem(.dependencyUnresolved, "it depends on \(list(facts.openDependencies)): finish that first"))
        }
        if facts.type != .issue, status == .done, !facts.openChildren.isEmpty {
            problems.append(
                Problem(.childrenOpen, "\(list(facts.openChildren)) in it is open: finish or cancel that first"))
        }
        return problems
    }

    private static func evidenceProblems(_ request: TransitionRequest) -> [Problem] {
        var problems: [Problem] = []
        if !request.roles.contains(.integrityGuard) {
            problems.append(Problem(.roleMissing, "only the role '\(RoleID.integrityGuard)' finishes an issue"))
        }
        guard let evidence = request.evidence else {
            problems.append(
                Problem(.evidenceMissing, "it has no verified evidence: let the gate decide on its candidate"))
            return problems
        }
        if evidence.issue != request.card {
            problems.append(
                Problem(.evidenceMismatch, "the evidence is of '\(evidence.issue)': verify this issue's own"))
        }
        return problems
    }

    private static func eventProblems(
        _ request: TransitionRequest, _ event: SystemEvent, _ facts: TransitionFacts
    ) -> [Problem] {
        var problems: [Problem] = []
        let rule = event.rule
        if !rule.types.contains(facts.type) || !rule.from.contains(facts.status) {
            problems.append(
                Problem(
                    .noSuchTransition,
                    "\(event.rawValue) does not apply to a card of the type \(facts.type.rawValue) that is "
                        + facts.status.rawValue))
        }
        if !rule.actors.contains(request.actor.kind) {
            let kinds = rule.actors.map(\.rawValue).sorted().joined(separator: " or ")
            problems.append(
                Problem(
                    .actorNotAllowed, "\(event.rawValue) is for \(kinds) only, not for \(request.actor.kind.rawValue)"))
        }
        if event.needsReason, request.reason.isEmpty {
            problems.append(Problem(.reasonMissing, "\(event.rawValue) needs a reason: say why"))
        }
        switch event {
        case .requeue where facts.attemptsLeft.map({ $0 < 1 }) ?? true:
            problems.append(Problem(.attemptsExhausted, "no attempt is left: reset the issue to work on it again"))
        case .dependencyBlocked where facts.openDependencies.isEmpty:
            problems.append(Problem(.noSuchTransition, "it depends on nothing that is open"))
        case .unblock where !facts.openDependencies.isEmpty:
            problems.append(
                Problem(.dependencyUnresolved, "it depends on \(list(facts.openDependencies)): finish that first"))
        case .unblock where request.actor.kind == .engine && facts.waitReason.map({ $0.isForPeople }) ?? true:
            problems.append(Problem(.actorNotAllowed, "it waits for a person: only a person can say that it may go on"))
        default: break
        }
        return problems
    }

    /// A few names, and how many more there are.
    private static func list(_ cards: [CardID]) -> String {
        let names = cards.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        return cards.count > 5 ? names + " and \(cards.count - 5) more" : names
    }
}

extension WaitReason {
    /// Somebody has to approve or to answer.
    package var isForPeople: Bool { self == .review || self == .input }
}
