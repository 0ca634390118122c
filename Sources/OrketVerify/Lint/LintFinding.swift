/// One thing about a fixture that makes it weaker than it looks.
package struct LintFinding: Sendable, Hashable {
    package enum Severity: String, Sendable { case error, warning }

    /// Name of the rule, such as `no-controls`.
    package var rule: Rule
    package var file: String
    /// Both 1-based.
    package var line: Int
    package var column: Int
    package var message: String

    package var severity: Severity { rule.severity }

    /// `FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`.
    package var description: String {
        "\(file):\(line):\(column): \(severity.rawValue): \(message) [\(rule.rawValue)]"
    }

    /// What is looked for. An error is what lets a wrong candidate pass, or contradicts itself.
    package enum Rule: String, Sendable, CaseIterable {
        case noControls = "no-controls"
        case noNegativeControl = "no-negative-control"
        case onlyEmptyControl = "only-empty-control"
        case noMinimumScore = "no-minimum-score"
        case weakTolerance = "weak-tolerance"
        case broadException = "broad-exception"
        case emptyExpected = "empty-expected"
        case onlyHidden = "only-hidden"
        case onlyVisible = "only-visible"
        case noLimit = "no-limit"
        case duplicateInput = "duplicate-input"
        case contradiction = "contradiction"
        case constantAnswer = "constant-answer"
        case answerInCandidate = "answer-in-candidate"
        case referenceFails = "reference-fails"
        case nondeterministic

        package var severity: Severity {
            switch self {
            case .noControls, .noNegativeControl, .contradiction, .answerInCandidate, .referenceFails,
                .nondeterministic:
                .error
            default: .warning
            }
        }
    }
}
