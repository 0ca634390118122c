package import ArgumentParser

/// `orket gate`: whether an issue may be done.
package struct GateCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Decide whether an issue is done: only evidence about the delivered content counts.",
        discussion: """
            An issue of a board becomes done when every fixture that it names has passed about exactly what is delivered, and \
            in no other way. Policy and fixtures are the board's own, never those of the candidate.

            Examples:
              orket gate explain ISSUE-7                        what the gate demands, and what there is
              orket gate complete ISSUE-7 --candidate work/     verify, decide, sign the decision, finish the issue
              orket gate check ISSUE-7 --candidate work/        decide on the evidence so far; nothing runs, nothing changes
              orket gate verify decision.intoto.jsonl --key orket.pub --input receipt.intoto.jsonl
            """,
        subcommands: [
            GateCheckCommand.self, GateCompleteCommand.self, GateExplainCommand.self, GateWaiveCommand.self,
            GateVerifyCommand.self,
        ])

    /// Made by the argument parser.
    package init() {}
}

/// What every question to the gate says.
struct GateOptions: ParsableArguments {
    @Argument(help: "The issue.")
    var issue: String

    @Option(help: "Directory of the board.")
    var board = "."

    @Option(help: "What is delivered: a directory, an archive, git:REPOSITORY@REVISION, or a file.")
    var candidate: String

    @Option(help: "A receipt from elsewhere, signed by a key of --key. May be repeated.")
    var receipt: [String] = []

    @Option(help: "A key to trust besides this user's own: a PEM file or 64 hex digits. May be repeated.")
    var key: [String] = []

    @Option(help: "A waiver that orket gate waive signed.")
    var waiver: String?

    @Flag(help: "Print one JSON object (schema orket.gate/1).")
    var json = false
}
