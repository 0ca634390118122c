package import OrketCore
package import OrketSandbox

/// What verifications ask of the sandbox. Tests put canned results in its place.
package protocol SandboxRunner: Sendable {
    /// Runs one program in a fresh sandbox; throws only when the sandbox as such cannot work.
    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult
    /// A channel for one run; see `RunRequest.channel`.
    func openChannel() throws(SandboxError) -> ResultChannel
    /// A relay for the stdin of one run; see `StandardInput.pipe`.
    func openInput() throws(SandboxError) -> InputRelay
}

extension SandboxRunner {
    /// The same as `execute`, where a sandbox that cannot work is a result too.
    func perform(_ request: RunRequest, _ policy: Policy) async -> RunResult {
        do {
            return try await execute(request, policy: policy)
        } catch {
            let sentence = error.hint.isEmpty ? error.message : "\(error.message) (\(error.hint))"
            return RunResult(
                outcome: .inconclusive, reasons: [Reason(.sandboxSetupFailed, sentence)], limits: policy.limits)
        }
    }
}

extension Supervisor: SandboxRunner {
    package func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        try await run(request, policy: policy)
    }
}
