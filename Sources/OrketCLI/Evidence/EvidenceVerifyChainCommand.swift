package import ArgumentParser
import OrketCore
import OrketStore

/// `orket evidence verify-chain`: whether any record was changed, moved, added or taken out.
package struct EvidenceVerifyChainCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify-chain",
        abstract: "Compute every hash again, and say where the chain breaks.",
        discussion: """
            Reads every record once. Also compares tables and triggers with those of this program, and lets SQLite \
            check the file. Records that were cut off at the end leave a chain that holds: compare count and head with \
            those of an earlier look.

            Exit status: 0 the chain holds, 3 the records cannot be read, 4 the chain is broken.

            Examples:
              orket evidence verify-chain
              orket evidence verify-chain --json
            """)

    @Flag(help: "Print one JSON object (schema orket.evidence-chain/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Walks along the chain.
    package func run() async throws {
        try await EvidenceCommand.run({}) { _, store, location in
            let report = try await store?.verifyChain() ?? ChainReport()
            Console.result(json ? Self.json(report, location.path).text + "\n" : Self.text(report, location.path))
            return report.fault == nil ? 0 : Outcome.rejected.exitCode
        }
    }

    private static func text(_ report: ChainReport, _ path: String) -> String {
        let count = "\(report.chain.length) \(report.chain.length == 1 ? "record" : "records")"
        guard let fault = report.fault else {
            return "\(TerminalText.escape(path)): \(count), the chain holds, head \(report.chain.head)\n"
        }
        let place = fault.sequence.map {
            "record \($0)" + (fault.id.map { " (\(TerminalText.escape($0)))" } ?? "") + ": "
        }
        return "\(TerminalText.escape(path)): broken: \(place ?? "")\(TerminalText.escape(fault.reason)); "
            + "\(count) before it hold\n"
    }

    private static func json(_ report: ChainReport, _ path: String) -> JSONValue {
        let fault = report.fault.map { fault in
            JSONValue.object([
                .init("sequence", fault.sequence.map { .integer($0) } ?? .null),
                .init("id", fault.id.map { .string($0) } ?? .null), .init("reason", .string(fault.reason)),
            ])
        }
        return .object([
            .init("schema", .string("orket.evidence-chain/1")), .init("file", .string(path)),
            .init("holds", .bool(fault == nil)), .init("records", .integer(report.chain.length)),
            .init("head", .string(report.chain.head.text)), .init("fault", fault ?? .null),
        ])
    }
}
