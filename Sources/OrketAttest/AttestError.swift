/// Why something can neither be signed nor be read as signed. `message` is lower case, names the thing and, where there
/// is one, the repair.
package struct AttestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of defect it is; closed.
    package enum Code: String, Sendable, CaseIterable {
        /// A value that has no canonical bytes.
        case unencodable
        /// Bytes that are no envelope, statement, key or receipt.
        case malformed
        /// A statement that would say what its facts do not.
        case untrue
        /// A key that cannot be made, or may not be used.
        case key
        /// A key that is there already and was not to be replaced.
        case occupied
        /// Nobody who is trusted has signed it.
        case untrusted
    }

    package let code: Code
    package let message: String

    /// An error of this room.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
