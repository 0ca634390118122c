package import ArgumentParser

/// `orket issue`: one card and its history.
package struct IssueCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Look at one card, move it, or say something about it.",
        discussion: """
            No issue becomes done here: that takes evidence, and the gate.

            Examples:
              orket issue show login
              orket issue move login in_progress
              orket issue move login blocked --waits input --reason "which bank?"
              orket issue comment login "the bank has answered"
            """,
        subcommands: [IssueShowCommand.self, IssueMoveCommand.self, IssueCommentCommand.self])

    /// Made by the argument parser.
    package init() {}
}
