package import ArgumentParser

/// The root of the command line.
package struct Orket: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "orket", abstract: "Runs generated code in a kernel sandbox and says what really happened.",
        version: "0.1.0",
        subcommands: [VerifyCommand.self, SelftestCommand.self, PolicyCommand.self, DoctorCommand.self])

    package init() {}

    /// Entry of the executable.
    package static func start() async { await main() }
}
