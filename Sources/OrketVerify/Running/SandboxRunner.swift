package import OrketCore
package import OrketSandbox

/// What verifications ask of the sandbox. Tests put canned results in its place.
package protocol SandboxRunner: Sendable {
    /// Runs one program in a fresh sandbox; throws only when the sandbox as such cannot work.
    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult
    /// A channel for one run; see `RunRequest.channel`.
    func openChannel() throws(SandboxError) -> ResultChannel
}

extension Supervisor: SandboxRunner {
    package func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        try await run(request, policy: policy)
    }
}
