package import ArgumentParser
import OrketCore
import OrketSandbox

/// `orket selftest`: runs the hostile corpus on this host.
package struct SelftestCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Try to break out of the sandbox with a corpus of hostile programs, on this host.",
        discussion: """
            Each program runs twice: under the policy, where it must be stopped as its header promises, and in a control run \
            without the protection, where its attack must succeed; else the test proves nothing and counts as failed.

            Exit status: 0 every attack was stopped and every control run succeeded, 1 otherwise, 2 bad usage or a defective \
            corpus and nothing was started, 3 the sandbox cannot be had on this host, 130 interrupted.
            """)

    @Option(help: "Only programs whose category/name contains this text.")
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
        if chosen.isEmpty {
            throw InvalidInput([Finding(file: "--filter", "no program's name contains \(filter ?? "")")])
        }
        return SelftestSession(corpus: corpus, programs: chosen, policy: try PolicyStore.locate().load(policy))
    }
}
