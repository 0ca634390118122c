extension DefinitionReader {
    /// An epic with its issues, which its `issues` hold as well.
    package mutating func epic(_ node: DocumentNode) -> (epic: Epic, issues: [Issue])? {
        typealias Key = Epic.Key
        guard let (card, members) = self.card(node, .epic, Epic.Key.spellings) else { return nil }
        let team = name(required(members, Key.team, "an epic"), "team", TeamID.self)
        if let team { references.append(reference(.team, team.text, members, Key.team, card)) }
        let environment = name(required(members, Key.environment, "an epic"), "environment", EnvironmentID.self)
        if let environment {
            references.append(reference(.environment, environment.text, members, Key.environment, card))
        }
        // Without a team the issues are read all the same: their findings are wanted, too.
        let issues = list(members[Key.issues], "issues").compactMap { issue($0, of: card.id) }
        guard let team, let environment else { return nil }
        var epic = Epic(id: card.id, team: team, environment: environment)
        epic.card = card
        if let count = integer(members[Key.iterations], "iterations", in: 1...1_000) { epic.iterations = Int(count) }
        epic.handshakeEnabled = flag(members[Key.handshakeEnabled], "handshake_enabled") ?? false
        epic.exampleTask = text(members[Key.exampleTask], "example_task")
        epic.requirements = text(members[Key.requirements], "requirements")
        epic.governance = governance(members[Key.governance])
        epic.metrics = metrics(members[Key.metrics])
        epic.lessons = lessons(members[Key.lessons])
        epic.issues = issues
        return (epic, issues)
    }

    private func reference(
        _ kind: DefinitionReference.Kind, _ name: String, _ members: Members, _ key: some FieldKey, _ card: Card
    ) -> DefinitionReference {
        DefinitionReference(kind, name, at: members.place(key), owner: card.id)
    }

    private mutating func governance(_ node: DocumentNode?) -> ArchitectureGovernance {
        typealias Key = ArchitectureGovernance.Key
        var governance = ArchitectureGovernance()
        guard let node, let members = members(node, "`architecture_governance`", Key.spellings) else {
            return governance
        }
        governance.idesign = flag(members[Key.idesign], "idesign") ?? governance.idesign
        governance.pattern = text(members[Key.pattern], "pattern") ?? governance.pattern
        governance.reasoning = text(members[Key.reasoning], "reasoning")
        return governance
    }

    private mutating func lessons(_ node: DocumentNode?) -> [Lesson] {
        typealias Key = Lesson.Key
        return list(node, "lessons_learned").compactMap { node in
            guard let members = members(node, "a lesson", Key.spellings) else { return nil }
            let date = text(required(members, Key.date, "a lesson"), "date")
            let category = text(required(members, Key.category, "a lesson"), "category")
            let observation = text(required(members, Key.observation, "a lesson"), "observation")
            let sentiment = word(required(members, Key.sentiment, "a lesson"), "sentiment", Lesson.Sentiment.self)
            let action = text(members[Key.actionItem], "action_item")
            guard let date, let category, let observation, let sentiment else { return nil }
            return Lesson(
                date: date, category: category, observation: observation, sentiment: sentiment, actionItem: action)
        }
    }

    /// A rock; no epic twice.
    package mutating func rock(_ node: DocumentNode) -> Rock? {
        typealias Key = Rock.Key
        guard let (card, members) = self.card(node, .rock, Rock.Key.spellings) else { return nil }
        var entries: [Rock.Entry] = []
        _ = required(members, Key.epics, "a rock")
        for node in list(members[Key.epics], "epics") {
            guard let fields = self.members(node, "an entry of `epics`", Rock.Entry.Key.spellings) else { continue }
            let epic = name(required(fields, Rock.Entry.Key.epic, "an entry of `epics`"), "epic", CardID.self)
            let department = name(fields[Rock.Entry.Key.department], "department", DepartmentID.self) ?? card.department
            references.append(reference(.department, department.text, fields, Rock.Entry.Key.department, card))
            guard let epic else { continue }
            references.append(reference(.epic, epic.text, fields, Rock.Entry.Key.epic, card))
            if entries.contains(where: { $0.epic == epic }) {
                report(node.place, "the epic '\(epic)' is named twice")
            } else {
                entries.append(Rock.Entry(epic: epic, department: department))
            }
        }
        var rock = Rock(id: card.id, epics: entries)
        rock.card = card
        rock.task = text(members[Key.task], "task")
        rock.metrics = metrics(members[Key.metrics])
        rock.lessons = lessons(members[Key.lessons])
        return rock
    }
}
