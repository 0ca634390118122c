package import OrketCore

/// Who works here, by which rules: the one file at the root of a board.
package struct Organisation: Sendable, Hashable {
    package var name: String
    package var vision: String
    package var ethos: String
    /// The departments that there are; `core` is always one.
    package var departments: [DepartmentID]
    /// Issues of an epic from which on it needs iDesign.
    package var idesignThreshold: Int
    package var thresholds: BottleneckThresholds
    /// Always objects.
    package var branding = JSONValue.object([])
    package var contact = JSONValue.object([])
    package var processRules = JSONValue.object([])

    /// Members of the file.
    enum Key: String, FieldKey {
        case schema = "schema_version"
        case name, vision, ethos, branding, architecture, contact, departments
        case processRules = "process_rules"
        case thresholds = "bottleneck_thresholds"
    }

    /// Members of `architecture`.
    enum ArchitectureKey: String, FieldKey {
        case idesignThreshold = "idesign_threshold"
        case preferredStack = "preferred_stack"
        case cicdRules = "cicd_rules"
    }
}
