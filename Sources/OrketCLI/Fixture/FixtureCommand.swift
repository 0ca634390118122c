package import ArgumentParser

/// `orket fixture`: what a fixture is worth, before it judges anybody.
package struct FixtureCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "fixture",
        abstract: "Prove that fixtures can fail.",
        discussion: """
            A fixture that nothing can fail shows nothing. Its 'controls' name candidates whose verdicts are known.

            Exit status: 0 done, 1 something does not hold, 2 bad usage or input and nothing was started, \
            3 inconclusive, 130 interrupted.
            """,
        subcommands: [FixtureProveCommand.self])

    /// Made by the argument parser.
    package init() {}
}
