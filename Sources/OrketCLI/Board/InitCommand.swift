package import ArgumentParser
import OrketCore
import OrketSystem
import OrketVerify

/// `orket init DIR`: a board to begin with.
package struct InitCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a small board that works, with a fixture that can be proven.",
        discussion: """
            The directory must be absent or empty; it is written whole or not at all.

            Exit status: 0 done, 2 bad usage, or something is there already.

            Examples:
              orket init board
              orket fixture prove board/fixtures
            """)

    @Argument(help: "The directory to make.")
    var directory: String

    /// Made by the argument parser.
    package init() {}

    /// Writes.
    package func run() async throws {
        try await BoardCommandRun.run {
            if let names = try? Files.names(in: directory), !names.isEmpty {
                throw InvalidInput([Finding(file: directory, "exists already, and is not empty")])
            }
            try FixtureWriter.write(BoardTemplate.files, to: directory)
            let shown = TerminalText.escape(directory)
            Console.talk(
                "orket: next: orket fixture prove \(shown)/fixtures && orket validate \(shown) && orket cards --board "
                    + "\(shown)\n")
            return 0
        }
    }
}
