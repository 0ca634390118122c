extension DefinitionReader {
    /// Members that every card has, with the card's own `keys`; nil without a usable id.
    mutating func card(
        _ node: DocumentNode, _ type: CardType, _ keys: [KeySpelling]
    ) -> (card: Card, members: Members)? {
        let what = type == .rock ? "a rock" : "an \(type.rawValue)"
        guard let members = members(node, what, Card.Key.spellings + keys) else { return nil }
        let idNode = required(members, Card.Key.id, what)
        let id = name(idNode, "id", CardID.self)
        if let id { declarations.append((id, members.place(Card.Key.id))) }
        // The rest is read in any case: its findings are wanted, too.
        var card = Card(id: id ?? CardID("unknown")!, type: type, name: text(members[Card.Key.name], "name"))
        if let said = word(members[Card.Key.type], "type", CardType.self), said != type {
            report(members.place(Card.Key.type), "`type` is \(said.rawValue), and this is the place of \(what)")
        }
        card.description = text(members[Card.Key.description], "description", mayBeEmpty: true)
        card.note = text(members[Card.Key.note], "note", mayBeEmpty: true)
        card.priority = priority(members[Card.Key.priority]) ?? .medium
        card.parent = name(members[Card.Key.parent], "parent_id", CardID.self)
        card.build = name(members[Card.Key.build], "build_id", BuildID.self)
        if let department = name(members[Card.Key.department], "owner_department", DepartmentID.self) {
            card.department = department
        }
        references.append(
            DefinitionReference(
                .department, card.department.text, at: members.place(Card.Key.department), owner: id))
        card.labels = texts(members[Card.Key.labels], "labels")
        card.references = texts(members[Card.Key.references], "references")
        card.parameters = object(members[Card.Key.parameters], "params")
        status(&card, members)
        return id == nil ? nil : (card, members)
    }

    private mutating func status(_ card: inout Card, _ members: Members) {
        card.waitReason = word(members[Card.Key.waitReason], "wait_reason", WaitReason.self)
        if let status = word(members[Card.Key.status], "status", CardStatus.self) {
            if CardDefinition.firstStatuses.contains(status) {
                card.status = status
            } else {
                let known = CardDefinition.firstStatuses.map(\.rawValue).joined(separator: ", ")
                report(
                    members.place(Card.Key.status),
                    "no card begins as \(status.rawValue): that is reached by work, never by a file; write one of "
                        + known)
            }
        }
        if card.status.needsWaitReason, members[Card.Key.waitReason] == nil {
            report(members.place(Card.Key.status), "\(card.status.rawValue) needs a `wait_reason`")
        }
        if !card.status.needsWaitReason, card.waitReason != nil {
            report(members.place(Card.Key.waitReason), "a card that is \(card.status.rawValue) has no `wait_reason`")
        }
    }

    private mutating func priority(_ node: DocumentNode?) -> Priority? {
        guard let node else { return nil }
        if case .scalar(let text, _) = node.content, let priority = Priority(text) { return priority }
        let (least, most) = (Int(Priority.bounds.lowerBound), Int(Priority.bounds.upperBound))
        report(node.place, "`priority` must be High, Medium, Low, or a number from \(least) to \(most)")
        return nil
    }

    // MARK: - Issues

    /// An issue of `epic`; nil: of the epic that its `parent_id` names.
    package mutating func issue(_ node: DocumentNode, of epic: CardID?) -> Issue? {
        guard let (card, members) = card(node, .issue, Issue.Key.spellings) else { return nil }
        var issue = Issue(id: card.id)
        issue.card = card
        if let epic {
            if let parent = card.parent, parent != epic {
                report(members.place(Card.Key.parent), "`parent_id` is '\(parent)', and the issue stands in '\(epic)'")
            }
            issue.card.parent = epic
        } else if let parent = card.parent {
            references.append(
                DefinitionReference(.epic, parent.text, at: members.place(Card.Key.parent), owner: card.id))
        } else if members[Card.Key.parent] == nil {
            report(members.place, "an issue outside of an epic has no `parent_id`: name its epic")
        }
        if let seat = name(members[Issue.Key.seat], "seat", SeatID.self) { issue.seat = seat }
        references.append(
            DefinitionReference(.seat, issue.seat.text, at: members.place(Issue.Key.seat), owner: card.id))
        issue.assignee = text(members[Issue.Key.assignee], "assignee")
        if let node = members[Issue.Key.sprint], let label = text(node, "sprint") {
            issue.sprint = Sprint(label)
            if issue.sprint == nil { report(node.place, "`sprint` must be a quarter and a sprint, such as \"Q1 S6\"") }
        }
        issue.requirements = text(members[Issue.Key.requirements], "requirements")
        issue.dependsOn = dependencies(members[Issue.Key.dependsOn], of: card.id)
        if let count = integer(members[Issue.Key.retryCount], "retry_count", in: 0...1_000_000) {
            issue.retryCount = Int(count)
        }
        issue.budget = budget(members)
        issue.verification = verification(members[Issue.Key.verification], of: card.id)
        issue.metrics = metrics(members[Issue.Key.metrics]) ?? IssueMetrics()
        return issue
    }

    private mutating func dependencies(_ node: DocumentNode?, of issue: CardID) -> [CardID] {
        var ids: [CardID] = []
        for node in list(node, "depends_on") {
            guard let id = name(node, "depends_on", CardID.self) else { continue }
            if id == issue {
                report(node.place, "'\(issue)' depends on itself")
            } else if ids.contains(id) {
                report(node.place, "'\(issue)' names '\(id)' twice")
            } else {
                ids.append(id)
                references.append(DefinitionReference(.issue, id.text, at: node.place, owner: issue))
            }
        }
        return ids
    }

    private mutating func budget(_ members: Members) -> IssueBudget {
        var budget = IssueBudget()
        let retries = Int64(IssueBudget.retries.lowerBound)...Int64(IssueBudget.retries.upperBound)
        if let count = integer(members[Issue.Key.maxRetries], "max_retries", in: retries) {
            budget.maxRetries = Int(count)
        }
        guard let node = members[Issue.Key.budget],
            let fields = self.members(node, "`budget`", IssueBudget.Key.spellings)
        else { return budget }
        let range = IssueBudget.milliseconds
        if let wall = duration(fields[IssueBudget.Key.wall], "budget.wall", in: range) { budget.wallMs = wall }
        if let verification = duration(fields[IssueBudget.Key.verification], "budget.verification", in: range) {
            budget.verificationMs = verification
        }
        return budget
    }
}
