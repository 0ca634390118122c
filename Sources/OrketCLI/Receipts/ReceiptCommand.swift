package import ArgumentParser
import OrketCore

/// `orket receipt`: what was signed about verifications and decisions.
package struct ReceiptCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Check receipts, offline.", subcommands: [ReceiptVerifyCommand.self])

    /// Made by the argument parser.
    package init() {}
}

/// `orket receipt verify FILE... --key PUB`.
package struct ReceiptVerifyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check signatures and content of receipts with keys that you trust. Needs no network and no state.",
        discussion: """
            A receipt is good when a trusted key has signed every statement of it, the statements fit each other, the \
            bytes are those that Orket writes, and it is of the content that you name by digest. What it says then is \
            printed; it may well say `failed`.

            Examples:
              orket receipt verify r.intoto.jsonl --key orket.pub
              orket receipt verify r.intoto.jsonl --key old.pub --key new.pub --candidate-digest sha256:9f86d0…
              orket receipt verify *.jsonl --key orket.pub --require-passed && deploy

            Exit status: 0 all good, 2 bad usage, 4 a receipt is refused; with --require-passed that of the gravest \
            outcome when all are good.
            """)

    @Argument(help: "Receipt files.")
    var files: [String]

    @Option(help: "A key to trust: a PEM file, which may hold several, or 64 hex digits. May be repeated.")
    var key: [String] = []

    @Option(help: "The candidate must be this one: SHA-256 of its content, in hex, with or without sha256: before it.")
    var candidateDigest: String?

    @Option(help: "The fixture must be this one.")
    var fixtureDigest: String?

    @Option(help: "The policy must be this one.")
    var policyDigest: String?

    @Flag(help: "Ends with 0 only when every receipt says passed.")
    var requirePassed = false

    @Flag(help: "Take receipts whose envelopes another tool has written anew: other blanks, fields or base64.")
    var allowReencoded = false

    @Flag(help: "Print one JSON object (schema orket.receipt-verification/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Reads everything, checks every receipt, and then prints.
    package func run() throws {
        let report: ReceiptReport
        do {
            report = try ReceiptReport(
                files: files,
                input: ReceiptInput(
                    keys: key, candidate: candidateDigest, fixture: fixtureDigest, policy: policyDigest,
                    acceptsReencoding: allowReencoded))
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        Console.result(json ? report.json.text + "\n" : report.text)
        if !json { Console.talk(report.talk) }
        let code = report.exitCode(requiringPassed: requirePassed)
        if code != 0 { throw ExitCode(code) }
    }
}
