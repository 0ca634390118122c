/// The members that one kind of object has in files: what is not here is unknown, and refused. The raw value is the spelling
/// that is written; `aliases` are read as well.
package protocol FieldKey: RawRepresentable<String>, CaseIterable, Sendable, Hashable {
    /// Other spellings that are read; a file that uses two spellings of one member is refused.
    var aliases: [String] { get }
}

extension FieldKey {
    package var aliases: [String] { [] }

    /// The member that is spelled `text`, by its own name or an alias.
    package init?(spelling text: String) {
        guard let key = Self.allCases.first(where: { $0.rawValue == text || $0.aliases.contains(text) }) else {
            return nil
        }
        self = key
    }
}

extension Card {
    /// Members of every card.
    package enum Key: String, FieldKey {
        case id, name, type, status, description, note, priority, labels, references
        case waitReason = "wait_reason"
        case parent = "parent_id"
        case build = "build_id"
        case department = "owner_department"
        case parameters = "params"

        package var aliases: [String] { self == .name ? ["summary"] : [] }
    }
}

extension Issue {
    /// Members of an issue besides those of every card.
    package enum Key: String, FieldKey {
        case seat, assignee, sprint, requirements, verification, metrics, budget
        case dependsOn = "depends_on"
        case retryCount = "retry_count"
        case maxRetries = "max_retries"
    }
}

extension IssueBudget {
    /// Members of `budget`.
    package enum Key: String, FieldKey {
        case wall, verification
    }
}

extension IssueMetrics {
    /// Members of `metrics`.
    package enum Key: String, FieldKey {
        case score, grade
        case auditDate = "audit_date"
        case criteriaScores = "criteria_scores"
        case shippabilityThreshold = "shippability_threshold"
        case pathDelta = "path_delta"
    }
}

extension IssueVerification {
    /// Members of `verification`.
    package enum Key: String, FieldKey {
        case scenarios, fixtures
        /// One of `fixtures`, written alone.
        case fixture = "fixture_path"
        case lastRun = "last_run"

        package var aliases: [String] {
            switch self {
            case .fixture: ["verification_fixture"]
            case .lastRun: ["last_verification"]
            case .scenarios, .fixtures: []
            }
        }
    }
}

extension VerificationScenario {
    /// Members of one of `scenarios`.
    package enum Key: String, FieldKey {
        case id, description, status
        case input = "input_data"
        case expected = "expected_output"
        case actual = "actual_output"
    }
}

extension VerificationSummary {
    /// Members of `last_run`.
    package enum Key: String, FieldKey {
        case timestamp, passed, failed, logs
        case total = "total_scenarios"
    }
}

extension Epic {
    /// Members of an epic besides those of every card.
    package enum Key: String, FieldKey {
        case team, environment, iterations, issues, requirements, metrics
        case handshakeEnabled = "handshake_enabled"
        case exampleTask = "example_task"
        case governance = "architecture_governance"
        case lessons = "lessons_learned"

        package var aliases: [String] { self == .issues ? ["stories", "cards"] : [] }
    }
}

extension ArchitectureGovernance {
    /// Members of `architecture_governance`.
    package enum Key: String, FieldKey {
        case idesign, pattern, reasoning
    }
}

extension Lesson {
    /// Members of one of `lessons_learned`.
    package enum Key: String, FieldKey {
        case date, category, observation, sentiment
        case actionItem = "action_item"
    }
}

extension Rock {
    /// Members of a rock besides those of every card.
    package enum Key: String, FieldKey {
        case task, epics, metrics
        case lessons = "lessons_learned"
    }
}

extension Rock.Entry {
    /// Members of one of `epics`.
    package enum Key: String, FieldKey {
        case epic, department
    }
}
