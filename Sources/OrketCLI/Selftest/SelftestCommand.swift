package import ArgumentParser
import OrketCore
import OrketSandbox

/// `orket selftest`: runs the hostile corpus on this host.
package struct SelftestCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Attack the sandbox and the verifier with hostile programs and cheats, on this host.",
        discussion: """
            Each program runs twice: under the policy, where it must be stopped as its header promises, and in a control run \
            without the protection, where its attack must succeed; else the test proves nothing and counts as failed.

            Then come candidates that cheat: each must be refused for the reason that it names, and the honest ones beside \
            them, which do the same work, must pass.

            Exit status: 0 every attack was stopped, every control run succeeded and every candidate got its verdict, 1 otherwise, 2 bad usage or a defective \
            corpus and nothing was started, 3 the sandbox cannot be had on this host, 130 interrupted.
            """)

    @Option(help: "Only programs whose category/name, and candidates whose cheats/name, contains this text.")
    var filter: String?

    @Option(help: "The policy to attack, by name or file.")
    var policy = "default"

    @Flag(help: "Print the result as JSON (orket.selftest/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Runs the self-test; ends with the exit code of the contract.
    package func run() async throws {
        let session: SelftestSession
        do throws(InvalidInput) {
            session = try prepare()
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        let (result, interrupted) = await Interrupt.watch { () async -> Result<SelftestReport, SandboxError> in
            do throws(SandboxError) { return .success(try await session.run()) } catch { return .failure(error) }
        }
        switch result {
        case .failure(let error):
            Console.talk("orket: \(TerminalText.escape(error.description))\n")
            throw ExitCode(interrupted ? Outcome.cancelled.exitCode : Outcome.inconclusive.exitCode)
        case .success(let report):
            Console.result(json ? report.json.text + "\n" : report.text)
            if interrupted { throw ExitCode(Outcome.cancelled.exitCode) }
            if !report.isPassed { throw ExitCode(Outcome.failed.exitCode) }
        }
    }

    private func prepare() throws(InvalidInput) -> SelftestSession {
        let corpus = try HostileCorpus.locate()
        let all = try corpus.load()
        let chosen = all.filter { filter.map($0.name.contains) ?? true }
        let cheats = try CheatBattery(beside: corpus, filter: filter)
        if chosen.isEmpty && cheats.count == 0 {
            throw InvalidInput([Finding(file: "--filter", "no program's name contains \(filter ?? "")")])
        }
        return SelftestSession(
            corpus: corpus, programs: chosen, cheats: cheats, policy: try PolicyStore.locate().load(policy))
    }
}
