/// A part of the organisation with boards of its own.
package struct Department: Sendable, Hashable {
    package var id: DepartmentID
    package var description: String?
    package var parent = DepartmentID.core
    /// Always an object.
    package var policy = JSONValue.object([])
    package var preferredStack: [String: String] = [:]
    package var defaultModel: String?

    /// A department beneath `core`.
    package init(id: DepartmentID) { self.id = id }
}
