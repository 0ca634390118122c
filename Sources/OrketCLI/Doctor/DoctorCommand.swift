package import ArgumentParser
import OrketCore
import OrketSandbox

/// `orket doctor`: what this host offers to this user, and the command that repairs what is missing.
package struct DoctorCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this host offers to the sandbox, and how to repair it.",
        discussion: """
            Each requirement is PASS, CAUTION (works, with less than it could have), FAIL or SKIPPED. Nothing on the \
            host is left changed.

            Exit status: 0 when programs can be isolated at level 3 or better and nothing failed, else 1.
            """)

    @Flag(help: "Print one JSON object (schema orket.doctor/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Looks, decides, prints.
    package func run() async throws {
        let report = DoctorReport(.gather(tries: await Self.tries()))
        Console.result(json ? report.json.text + "\n" : report.text)
        if !report.isHealthy { throw ExitCode(Outcome.failed.exitCode) }
    }

    /// What a sandbox built for real shows, by protection. Where none can be built, the one entry says why.
    private static func tries() async -> [String: String] {
        let policy: Policy
        do throws(InvalidInput) {
            policy = try PolicyStore.locate().load("default")
        } catch {
            return ["policy": error.findings.map(\.description).joined(separator: "; ")]
        }
        do throws(SandboxError) {
            let supervisor = try await Supervisor()
            let found = await supervisor.probe(policy)
            await supervisor.shutdown()
            return Dictionary(uniqueKeysWithValues: found.map { ($0.rawValue, $1) })
        } catch {
            return ["supervisor": error.message]
        }
    }
}
