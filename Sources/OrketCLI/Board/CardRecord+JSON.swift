internal import OrketCore

extension CardRecord {
    /// One card of `orket.cards/1`.
    var json: JSONValue {
        .record([
            "id": .string(id.text), "type": .string(type.rawValue), "status": .string(status.rawValue),
            "waitReason": waitReason.map { .string($0.rawValue) }, "version": .integer(version),
            "parent": parent.map { .string($0.text) }, "build": build.map { .string($0.text) },
            "department": .string(department.text), "name": name.map { .string($0) },
            "seat": seat.map { .string($0.text) }, "assignee": assignee.map { .string($0) },
            "priority": .number(priority.value), "dependsOn": .array(dependsOn.map { .string($0.text) }),
            "attempts": .integer(Int64(attempts)), "createdAt": .string(createdAt.rfc3339),
            "enteredAt": .string(enteredAt.rfc3339), "defined": .bool(isDefined),
        ])
    }
}

extension CardEvent {
    /// One entry of a card's history.
    var json: JSONValue {
        .record([
            "version": .integer(version), "at": .string(at.rfc3339), "actor": .string(actor.description),
            "cause": .string(cause.text), "roles": .array(roles.map { .string($0.text) }),
            "from": from.map { .string($0.rawValue) }, "to": .string(to.rawValue),
            "waitReason": waitReason.map { .string($0.rawValue) }, "reason": .string(reason), "evidence": evidence,
        ])
    }
}
