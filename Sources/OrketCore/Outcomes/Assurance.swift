/// How strongly a passing verdict binds the candidate (DESIGN section 5).
package enum Assurance: String, Sendable {
    /// Bytes in, bytes out, compared outside of the sandbox.
    case blackbox
    /// Candidate and test share a process: a hostile candidate can end it with status 0 before the test ran.
    case inProcess = "in_process"
}
