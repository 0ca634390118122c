internal import OrketSystem

/// Orket could not do its work: the host refuses something, or the caller asked for what cannot be. Never thrown for what
/// a program does.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for whoever decides by it.
    package enum Code: String, Sendable {
        /// The jail program is missing, dies, or speaks another protocol.
        case jail
        /// The host lacks a protection that the policy requires.
        case unsupportedHost
        /// The request contradicts itself: empty argv, a path that leaves the workspace, too many arguments.
        case badRequest
        /// A kernel call of the supervisor failed.
        case system
    }

    package let code: Code
    package let message: String
    /// What the reader can do about it; empty when nothing.
    package let hint: String

    package init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? message : "\(message)\nhint: \(hint)" }
}
