package import ArgumentParser
import OrketAttest
import OrketCore
import OrketVerify

/// `orket gate verify DECISION --key PUB`: offline.
package struct GateVerifyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a signed decision, offline, with the receipts and waivers that it rests on.",
        discussion: """
            Without --input only the decision itself is checked, and what it rests on is named. Needs no board, no network \
            and no state.

            Example:
              orket gate verify decision.intoto.jsonl --key orket.pub --input receipts/*.jsonl

            Exit status: 0 it is good and says PASSED, 1 it is good and says FAILED, 2 bad usage, 4 it is refused.
            """)

    @Argument(help: "The decision.")
    var decision: String

    @Option(help: "A key to trust: a PEM file or 64 hex digits. May be repeated.")
    var key: [String] = []

    @Option(parsing: .upToNextOption, help: "Receipts and waivers that it rests on.")
    var input: [String] = []

    @Flag(help: "Refuse a decision of whose inputs one is missing.")
    var complete = false

    @Flag(help: "Print one JSON object (schema orket.gate-verification/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks and prints.
    package func run() throws {
        var findings: [Finding] = []
        func bytes(_ path: String) -> [UInt8] {
            do throws(InvalidInput) {
                return try HostFile.contents(path, maximumBytes: ReceiptVerifier.maximumBytes)
            } catch {
                findings += error.findings
                return []
            }
        }
        let (document, inputs) = (bytes(decision), input.map(bytes))
        var keys: [PublicKey] = []
        do throws(InvalidInput) { keys = try ReceiptInput.keys(key, isRequired: true) } catch {
            findings += error.findings
        }
        if !findings.isEmpty {
            Console.report(InvalidInput(findings))
            throw ExitCode(2)
        }
        let result = DecisionVerifier(trusting: keys).verify(document, inputs: inputs)
        let problems = result.problems + (complete ? result.missing.map { "the input \($0) is missing" } : [])
        Console.result(json ? Self.json(result, problems).text + "\n" : Self.text(result, problems))
        if !problems.isEmpty { throw ExitCode(Outcome.rejected.exitCode) }
        if result.decision?.result != .passed { throw ExitCode(Outcome.failed.exitCode) }
    }

    private static func text(_ result: DecisionVerifier.Result, _ problems: [String]) -> String {
        var text = ""
        if let decision = result.decision {
            text += "\(TerminalText.escape(decision.resourceURI)): \(decision.result.rawValue) "
            text += "(\(decision.levels.map { TerminalText.escape($0) }.joined(separator: ", ")))\n"
            text += "  candidate \(decision.candidate.digest)\n  decided   \(decision.verifiedAt.rfc3339)\n"
            if let person = decision.waivedBy { text += "  waived by \(TerminalText.escape(person))\n" }
            for input in decision.inputs {
                text += "  rests on  \(input)\(result.missing.contains(input) ? " (not given)" : "")\n"
            }
        }
        for problem in problems { text += "  refused: \(TerminalText.escape(problem))\n" }
        return text
    }

    private static func json(_ result: DecisionVerifier.Result, _ problems: [String]) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("schema", .string("orket.gate-verification/1")), .init("isGood", .bool(problems.isEmpty)),
            .init("problems", .array(problems.map(JSONValue.string))),
        ]
        if let decision = result.decision {
            members += [
                .init("resource", .string(decision.resourceURI)), .init("result", .string(decision.result.rawValue)),
                .init("candidate", .string(decision.candidate.digest.text)),
                .init("decidedAt", .string(decision.verifiedAt.rfc3339)),
                .init("levels", .array(decision.levels.map(JSONValue.string))),
                .init("waivedBy", decision.waivedBy.map(JSONValue.string) ?? .null),
                .init("inputs", .array(decision.inputs.map { .string($0.text) })),
                .init("missing", .array(result.missing.map { .string($0.text) })),
            ]
        }
        return .object(members)
    }
}
