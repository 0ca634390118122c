package import ArgumentParser
import OrketCore
import OrketStore

/// `orket issue comment ID TEXT`.
package struct IssueCommentCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "comment", abstract: "Say something about a card; it is kept with it.",
        discussion: """
            Examples:
              orket issue comment login "the bank has answered"
            """)

    @Argument(help: "The card's id.")
    var card: String

    @Argument(help: "What to say, at most 64 KiB.")
    var text: String

    @Option(help: ArgumentHelp("The board's directory.", valueName: "dir"))
    var board = "."

    /// Made by the argument parser.
    package init() {}

    /// Appends.
    package func run() async throws {
        try await BoardCommandRun.run {
            let id = try BoardCommandRun.card(card)
            if text.isEmpty || text.utf8.count > 65_536 {
                throw InvalidInput([Finding(file: "the comment", "must have 1 to 65536 bytes")])
            }
            let store = try await BoardSession.open(board).store
            try await store.comment(id, text, by: Actor.user.name, at: .now)
            return 0
        }
    }
}
