// Every member is written by the spelling of its `FieldKey`; a member with its default is left out.

extension KeyValuePairs where Key == String, Value == JSONValue? {
    fileprivate var members: [JSONValue.Member] {
        compactMap { name, value in value.map { JSONValue.Member(name, $0) } }
    }
}

extension JSONValue {
    fileprivate static func texts(_ texts: [String]) -> JSONValue? {
        texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }

    fileprivate static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    /// Nil for an empty object.
    fileprivate var unlessEmpty: JSONValue? { self == .object([]) ? nil : self }

    fileprivate static func list(_ elements: [JSONValue]) -> JSONValue? { elements.isEmpty ? nil : .array(elements) }
}

extension Card {
    /// Without status, wait reason and build, which are the store's own.
    fileprivate var members: [JSONValue.Member] {
        let pairs: KeyValuePairs<String, JSONValue?> = [
            Key.id.rawValue: .string(id.text), Key.type.rawValue: .string(type.rawValue),
            Key.name.rawValue: .text(name),
            Key.description.rawValue: .text(description), Key.note.rawValue: .text(note),
            Key.priority.rawValue: .number(priority.value), Key.parent.rawValue: .text(parent?.text),
            Key.department.rawValue: .string(department.text), Key.labels.rawValue: .texts(labels),
            Key.references.rawValue: .texts(references), Key.parameters.rawValue: parameters.unlessEmpty,
        ]
        return pairs.members
    }
}

extension Issue {
    var definition: JSONValue {
        let pairs: KeyValuePairs<String, JSONValue?> = [
            Key.seat.rawValue: .string(seat.text), Key.assignee.rawValue: .text(assignee),
            Key.sprint.rawValue: .text(sprint?.description), Key.requirements.rawValue: .text(requirements),
            Key.dependsOn.rawValue: .texts(dependsOn.map(\.text)),
            Key.retryCount.rawValue: retryCount == 0 ? nil : .integer(Int64(retryCount)),
            Key.maxRetries.rawValue: .integer(Int64(budget.maxRetries)), Key.budget.rawValue: budget.definition,
            Key.verification.rawValue: verification.definition.unlessEmpty,
            Key.metrics.rawValue: metrics == IssueMetrics() ? nil : metrics.definition,
        ]
        return .object(card.members + pairs.members)
    }
}

extension IssueBudget {
    fileprivate var definition: JSONValue {
        .record([
            Key.wall.rawValue: .string(DurationText.text(wallMs)),
            Key.verification.rawValue: .string(DurationText.text(verificationMs)),
        ])
    }
}

extension IssueMetrics {
    fileprivate var definition: JSONValue {
        let scores = criteriaScores.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .number($0.value)) }
        return .record([
            Key.score.rawValue: .number(score), Key.grade.rawValue: .string(grade.rawValue),
            Key.auditDate.rawValue: auditedAt.map { .string($0.rfc3339) },
            Key.criteriaScores.rawValue: JSONValue.object(scores).unlessEmpty,
            Key.shippabilityThreshold.rawValue: .number(shippabilityThreshold),
            Key.pathDelta.rawValue: .number(pathDelta),
        ])
    }
}

extension IssueVerification {
    fileprivate var definition: JSONValue {
        .record([
            Key.fixtures.rawValue: .texts(fixtures), Key.scenarios.rawValue: .list(scenarios.map(\.definition)),
            Key.lastRun.rawValue: lastRun.map(\.definition),
        ])
    }
}

extension VerificationScenario {
    fileprivate var definition: JSONValue {
        .record([
            Key.id.rawValue: .string(id), Key.description.rawValue: .string(description), Key.input.rawValue: input,
            Key.expected.rawValue: expected, Key.actual.rawValue: actual,
            Key.status.rawValue: .string(status.rawValue),
        ])
    }
}

extension VerificationSummary {
    fileprivate var definition: JSONValue {
        .record([
            Key.timestamp.rawValue: .string(timestamp.rfc3339), Key.total.rawValue: .integer(Int64(total)),
            Key.passed.rawValue: .integer(Int64(passed)), Key.failed.rawValue: .integer(Int64(failed)),
            Key.logs.rawValue: .texts(logs),
        ])
    }
}

extension Epic {
    /// Without its issues.
    var definition: JSONValue {
        let pairs: KeyValuePairs<String, JSONValue?> = [
            Key.team.rawValue: .string(team.text), Key.environment.rawValue: .string(environment.text),
            Key.iterations.rawValue: .integer(Int64(iterations)),
            Key.handshakeEnabled.rawValue: .bool(handshakeEnabled),
            Key.exampleTask.rawValue: .text(exampleTask), Key.requirements.rawValue: .text(requirements),
            Key.governance.rawValue: governance.definition, Key.metrics.rawValue: metrics.map(\.definition),
            Key.lessons.rawValue: .list(lessons.map(\.definition)),
        ]
        return .object(card.members + pairs.members)
    }
}

extension ArchitectureGovernance {
    fileprivate var definition: JSONValue {
        .record([
            Key.idesign.rawValue: .bool(idesign), Key.pattern.rawValue: .string(pattern),
            Key.reasoning.rawValue: .text(reasoning),
        ])
    }
}

extension Lesson {
    fileprivate var definition: JSONValue {
        .record([
            Key.date.rawValue: .string(date), Key.category.rawValue: .string(category),
            Key.observation.rawValue: .string(observation), Key.sentiment.rawValue: .string(sentiment.rawValue),
            Key.actionItem.rawValue: .text(actionItem),
        ])
    }
}

extension Rock {
    var definition: JSONValue {
        let entries = epics.map { entry in
            JSONValue.record([
                Entry.Key.epic.rawValue: .string(entry.epic.text),
                Entry.Key.department.rawValue: .string(entry.department.text),
            ])
        }
        let pairs: KeyValuePairs<String, JSONValue?> = [
            Key.task.rawValue: .text(task), Key.epics.rawValue: .array(entries),
            Key.metrics.rawValue: metrics.map(\.definition), Key.lessons.rawValue: .list(lessons.map(\.definition)),
        ]
        return .object(card.members + pairs.members)
    }
}
