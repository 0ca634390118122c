import OrketCore
import OrketSandbox
import OrketVerify

/// A supervisor for the length of one command.
enum SandboxSession {
    /// What a verifier of any kind is made of.
    struct Parts: Sendable {
        let supervisor: Supervisor
        let policies: ToolchainPolicies
        let drivers: Drivers

        /// For what has its own commands.
        var verifier: Verifier { Verifier(sandbox: supervisor, policies: policies) }

        /// For fixtures of all kinds; to be shut down. With a `cache` nothing is compiled that was compiled before.
        func fixtureVerifier(_ cache: CompileCache? = nil, keeper: StreamKeeper? = nil) -> FixtureVerifier {
            FixtureVerifier(
                sandbox: supervisor, policies: policies, drivers: drivers, cache: cache, keeper: keeper)
        }
    }

    /// Starts the supervisor, hands it to `work` with what verifiers need, and takes everything down again. Returns 130 when the user
    /// interrupted, 3 when the supervisor cannot start, else what `work` returns.
    static func verify(
        _ languages: Set<Language>,
        _ work: @escaping @Sendable (Parts) async -> Result<Int32, InvalidInput>
    ) async throws(InvalidInput) -> Int32 {
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) }
        let drivers = try Drivers(languages, directory: store.directory + "/drivers")
        let supervisor: Supervisor
        do throws(SandboxError) {
            supervisor = try await Supervisor()
        } catch {
            Console.talk("orket: \(error.description)\n")
            return Outcome.inconclusive.exitCode
        }
        let parts = Parts(supervisor: supervisor, policies: policies, drivers: drivers)
        let (result, interrupted) = await Interrupt.watch { await work(parts) }
        await supervisor.shutdown()
        let status = try result.get()
        return interrupted ? Outcome.cancelled.exitCode : status
    }
}
