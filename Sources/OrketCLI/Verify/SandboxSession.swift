import OrketCore
import OrketSandbox
import OrketVerify

/// A supervisor for the length of one command.
enum SandboxSession {
    /// Starts the supervisor, hands a verifier to `work`, and takes everything down again. Returns 130 when the user
    /// interrupted, 3 when the supervisor cannot start, else what `work` returns.
    static func verify(
        _ languages: Set<Language>,
        _ work: @escaping @Sendable (Verifier) async -> Result<Int32, InvalidInput>
    ) async throws(InvalidInput) -> Int32 {
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) }
        let supervisor: Supervisor
        do throws(SandboxError) {
            supervisor = try await Supervisor()
        } catch {
            Console.talk("orket: \(error.description)\n")
            return Outcome.inconclusive.exitCode
        }
        let verifier = Verifier(sandbox: supervisor, policies: policies)
        let (result, interrupted) = await Interrupt.watch { await work(verifier) }
        await supervisor.shutdown()
        let status = try result.get()
        return interrupted ? Outcome.cancelled.exitCode : status
    }
}
