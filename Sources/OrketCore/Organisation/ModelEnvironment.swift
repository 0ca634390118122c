/// With which model, and how, an epic is worked on.
package struct ModelEnvironment: Sendable, Hashable {
    package var id: EnvironmentID
    package var description: String?
    package var model: String
    /// 0...2.
    package var temperature = 0.0
    package var seed: Int64?
    /// For one answer, milliseconds.
    package var timeoutMs: Int64 = 300_000
    /// Always an object.
    package var parameters = JSONValue.object([])

    /// An environment with the default temperature and timeout.
    package init(id: EnvironmentID, model: String) {
        self.id = id
        self.model = model
    }
}

/// How to write prompts for one family of models.
package struct Dialect: Sendable, Hashable {
    package var id: DialectID
    package var modelFamily: String
    package var format: String
    package var constraints: [String]
    package var hallucinationGuard: String

    /// A dialect of all its parts.
    package init(
        id: DialectID, modelFamily: String, format: String, constraints: [String] = [], hallucinationGuard: String
    ) {
        self.id = id
        self.modelFamily = modelFamily
        self.format = format
        self.constraints = constraints
        self.hallucinationGuard = hallucinationGuard
    }
}
