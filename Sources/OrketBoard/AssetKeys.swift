internal import OrketCore

/// Members of the files that are no cards.
enum AssetKeys {
    enum Department: String, FieldKey {
        case id, description, parent, policy
        case preferredStack = "preferred_stack"
        case defaultModel = "default_llm"
    }

    enum Team: String, FieldKey { case id, description, seats, roles }

    enum Seat: String, FieldKey { case name, roles }

    enum Role: String, FieldKey {
        case id, description, intent, responsibilities, constraints, prompt, tools, policy
        case issueTypes = "issue_types"

        var aliases: [String] { self == .constraints ? ["idesign_constraints"] : [] }
    }

    enum Environment: String, FieldKey {
        case id, description, model, temperature, seed, timeout
        case parameters = "params"
    }

    enum Dialect: String, FieldKey {
        case id, constraints
        case modelFamily = "model_family"
        case format = "dsl_format"
        case hallucinationGuard = "hallucination_guard"
    }
}
