/// How strongly a passing verdict binds the candidate, strongest first.
package enum Assurance: String, Sendable, CaseIterable {
    /// Candidate and checker live in different sandboxes; plain values cross, and are compared outside of the candidate's.
    case split
    /// Bytes in, bytes out, compared outside of the sandbox.
    case blackbox
    /// Candidate and test share a process: a hostile candidate can end it with status 0 before the test ran.
    case inProcess = "in_process"
}
