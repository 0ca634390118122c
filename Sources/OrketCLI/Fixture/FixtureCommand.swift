package import ArgumentParser

/// `orket fixture`: what a fixture is worth, before it judges anybody.
package struct FixtureCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "fixture",
        abstract: "Begin fixtures, check them, prove that they can fail, and pin the tests of suites.",
        discussion: """
            A fixture that nothing can fail shows nothing. Its 'controls' name candidates whose verdicts are known.

            Exit status: 0 done, 1 something does not hold, 2 bad usage or input and nothing was started, \
            3 inconclusive, 4 rejected, 130 interrupted.
            """,
        subcommands: [
            FixtureInitCommand.self, FixtureCheckCommand.self, FixtureProveCommand.self, FixturePinCommand.self,
        ])

    /// Made by the argument parser.
    package init() {}
}
