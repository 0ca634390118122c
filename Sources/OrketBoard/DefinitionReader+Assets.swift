internal import OrketCore

extension DefinitionReader {
    /// One department.
    mutating func department(_ node: DocumentNode) -> Department? {
        typealias Key = AssetKeys.Department
        guard let members = members(node, "a department", Key.spellings),
            let id = name(required(members, Key.id, "a department"), "id", DepartmentID.self)
        else { return nil }
        var department = Department(id: id)
        department.description = text(members[Key.description], "description")
        if let parent = name(members[Key.parent], "parent", DepartmentID.self) {
            department.parent = parent
            references.append(DefinitionReference(.department, parent.text, at: members.place(Key.parent)))
        }
        department.policy = object(members[Key.policy], "policy")
        let stack = pairs(members[Key.preferredStack], "preferred_stack") { $0.text($1, $2) }
        department.preferredStack = Dictionary(stack.map { ($0.key, $0.value) }) { $1 }
        department.defaultModel = text(members[Key.defaultModel], "default_llm")
        return department
    }

    /// One team; the roles of its seats become references.
    mutating func team(_ node: DocumentNode) -> Team? {
        typealias Key = AssetKeys.Team
        guard let members = members(node, "a team", Key.spellings),
            let id = name(required(members, Key.id, "a team"), "id", TeamID.self)
        else { return nil }
        var team = Team(id: id, description: text(members[Key.description], "description"), seats: [])
        team.roles = list(members[Key.roles], "roles").compactMap { role($0) }
        _ = required(members, Key.seats, "a team")
        for (key, seat) in pairs(members[Key.seats], "seats", { reader, node, _ in reader.seat(node, team.roles) }) {
            guard let id = SeatID(key) else {
                report(members.place(Key.seats), "the seat \(CanonicalText.quote(key)) has no usable name")
                continue
            }
            team.seats.append(Seat(id: id, name: seat.name ?? key, roles: seat.roles))
        }
        return team
    }

    private mutating func seat(_ node: DocumentNode, _ own: [Role]) -> (name: String?, roles: [RoleID])? {
        typealias Key = AssetKeys.Seat
        guard let members = members(node, "a seat", Key.spellings) else { return nil }
        var roles: [RoleID] = []
        for node in list(required(members, Key.roles, "a seat"), "roles") {
            guard let role = name(node, "roles", RoleID.self) else { continue }
            roles.append(role)
            if !own.contains(where: { $0.id == role }) {
                references.append(DefinitionReference(.role, role.text, at: node.place))
            }
        }
        return (text(members[Key.name], "name"), roles)
    }

    /// One role.
    mutating func role(_ node: DocumentNode) -> Role? {
        typealias Key = AssetKeys.Role
        guard let members = members(node, "a role", Key.spellings) else { return nil }
        let id = name(required(members, Key.id, "a role"), "id", RoleID.self)
        let description = text(required(members, Key.description, "a role"), "description")
        guard let id, let description else { return nil }
        var role = Role(id: id, description: description)
        role.intent = text(members[Key.intent], "intent")
        role.responsibilities = texts(members[Key.responsibilities], "responsibilities")
        role.constraints = texts(members[Key.constraints], "constraints")
        role.prompt = text(members[Key.prompt], "prompt")
        role.tools = texts(members[Key.tools], "tools")
        role.policy = object(members[Key.policy], "policy")
        if members[Key.issueTypes] != nil { role.issueTypes = texts(members[Key.issueTypes], "issue_types") }
        return role
    }

    /// One environment.
    mutating func environment(_ node: DocumentNode) -> ModelEnvironment? {
        typealias Key = AssetKeys.Environment
        guard let members = members(node, "an environment", Key.spellings) else { return nil }
        let id = name(required(members, Key.id, "an environment"), "id", EnvironmentID.self)
        let model = text(required(members, Key.model, "an environment"), "model")
        guard let id, let model else { return nil }
        var environment = ModelEnvironment(id: id, model: model)
        environment.description = text(members[Key.description], "description")
        environment.temperature = number(members[Key.temperature], "temperature", in: 0...2) ?? 0
        environment.seed = integer(members[Key.seed], "seed", in: .min ... .max)
        if let timeout = duration(members[Key.timeout], "timeout", in: 1...86_400_000) {
            environment.timeoutMs = timeout
        }
        environment.parameters = object(members[Key.parameters], "params")
        return environment
    }

    /// One dialect.
    mutating func dialect(_ node: DocumentNode) -> Dialect? {
        typealias Key = AssetKeys.Dialect
        guard let members = members(node, "a dialect", Key.spellings) else { return nil }
        let id = name(required(members, Key.id, "a dialect"), "id", DialectID.self)
        let family = text(required(members, Key.modelFamily, "a dialect"), "model_family")
        let format = text(required(members, Key.format, "a dialect"), "dsl_format")
        let caution = text(required(members, Key.hallucinationGuard, "a dialect"), "hallucination_guard")
        guard let id, let family, let format, let caution else { return nil }
        return Dialect(
            id: id, modelFamily: family, format: format, constraints: texts(members[Key.constraints], "constraints"),
            hallucinationGuard: caution)
    }
}
