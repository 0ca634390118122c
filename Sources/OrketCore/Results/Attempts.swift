/// How often something was tried: k of n, declared before the first attempt.
package struct Attempts: Sendable, Hashable {
    /// Passes that a pass takes (k).
    package let required: Int
    /// Attempts that were declared (n).
    package let planned: Int
    package let passed: Int

    /// `passed` of `planned` attempts passed, where `required` make a pass.
    package init(required: Int = 1, planned: Int = 1, passed: Int) {
        self.required = required
        self.planned = planned
        self.passed = passed
    }

    /// A pass that was no pass in every attempt.
    package var isFlaky: Bool { passed >= required && passed < planned }

    /// `{"required","planned","passed"}`.
    package var json: JSONValue {
        .record([
            "required": .integer(Int64(required)), "planned": .integer(Int64(planned)),
            "passed": .integer(Int64(passed)),
        ])
    }
}
