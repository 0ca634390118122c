package import ArgumentParser
import Glibc

/// The root of the command line.
package struct Orket: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "orket", abstract: "Runs generated code in a kernel sandbox and says what really happened.",
        version: Version.current,
        subcommands: [
            RunCommand.self, VerifyCommand.self, FixtureCommand.self, ImportCommand.self, SelftestCommand.self,
            PolicyCommand.self, InitCommand.self, ValidateCommand.self, CardsCommand.self, IssueCommand.self,
            LedgerCommand.self,
            DoctorCommand.self,
            GateCommand.self, KeyCommand.self, ReceiptCommand.self, EvidenceCommand.self, BenchCommand.self,
            VersionCommand.self,
        ])

    package init() {}

    /// Entry of the executable. Ends the process with the exit code of the contract.
    package static func start() async -> Never {
        do {
            var command = try parsed()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Glibc.exit(0)
        } catch {
            end(error)
        }
    }

    /// The command line's command. A `run` without a defect is parsed by itself: it is started once per program, and
    /// building the parser of all commands takes longer than the rest of reading the command line.
    private static func parsed() throws -> any ParsableCommand {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "run", let command = try? RunCommand.parseAsRoot(Array(arguments.dropFirst())) {
            // The command that prints help is another one.
            if command is RunCommand { return command }
        }
        return try parseAsRoot()
    }

    private static func end(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if !text.isEmpty {
            if code.isSuccess { Console.result(text + "\n") } else { Console.talk(text + "\n") }
        }
        // The parser's own code for bad usage is 64.
        Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
    }
}
