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
            check the file. Records that were cut off at the end, or a chain that was written anew, hold in themselves: only a \
            head that was signed and kept elsewhere shows it (orket evidence head).

            Exit status: 0 the chain holds, 3 the records cannot be read, 4 the chain is broken.

            Examples:
              orket evidence verify-chain
              orket evidence verify-chain --json
              orket evidence verify-chain --head head.json --key orket.pub
            """)

    @Option(help: ArgumentHelp("Check against this signed head as well.", valueName: "file"))
    var head: String?

    @Option(
        help: ArgumentHelp(
            "A public key that may have signed the head. May be given several times; without it, the keys of this user.",
            valueName: "pub"))
    var key: [String] = []

    @Flag(help: "Print one JSON object (schema orket.evidence-chain/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Refuses keys for nothing.
    package func validate() throws {
        if head == nil && !key.isEmpty { throw ValidationError("--key is about --head") }
    }

    /// Walks along the chain.
    package func run() async throws {
        try await EvidenceCommand.run(reading) { reading, store, location in
            var (signed, report) = (SignedHead?.none, ChainReport())
            switch reading {
            case .untrusted(let reason)?: report.fault = ChainFault(sequence: nil, id: nil, reason: reason)
            case .signed(let head)?: signed = head
            case nil: break
            }
            if report.fault == nil {
                let kept = signed.map { ($0.length, $0.hash) }
                report = try await store?.verifyChain(kept: kept) ?? ChainReport().held(against: kept)
            }
            Console.result(
                json
                    ? Self.json(report, location.path, signed).text + "\n" : Self.text(report, location.path, signed))
            return report.fault == nil ? 0 : Outcome.rejected.exitCode
        }
    }

    private func reading() throws(InvalidInput) -> SignedHead.Reading? {
        if let head { try SignedHead.read(head, keys: key) } else { nil }
    }

    static func text(_ report: ChainReport, _ path: String, _ signed: SignedHead? = nil) -> String {
        let count = "\(report.chain.length) \(report.chain.length == 1 ? "record" : "records")"
        guard let fault = report.fault else {
            return "\(TerminalText.escape(path)): \(count), the chain holds, head \(report.chain.head)\n"
                + (signed.map { "its first \($0.length) are those whose head \($0.signer) signed\n" } ?? "")
        }
        let place = fault.sequence.map {
            "record \($0)" + (fault.id.map { " (\(TerminalText.escape($0)))" } ?? "") + ": "
        }
        return "\(TerminalText.escape(path)): broken: \(place ?? "")\(TerminalText.escape(fault.reason)); "
            + "\(count) before it hold\n"
    }

    private static func json(_ report: ChainReport, _ path: String, _ signed: SignedHead?) -> JSONValue {
        let fault = report.fault.map { fault in
            JSONValue.object([
                .init("sequence", fault.sequence.map { .integer($0) } ?? .null),
                .init("id", fault.id.map { .string($0) } ?? .null), .init("reason", .string(fault.reason)),
            ])
        }
        return .record([
            "schema": .string("orket.evidence-chain/1"), "file": .string(path), "holds": .bool(fault == nil),
            "records": .integer(report.chain.length), "head": .string(report.chain.head.text),
            "signedHead": signed.map {
                .object([
                    .init("records", .integer($0.length)), .init("hash", .string($0.hash.text)),
                    .init("signer", .string($0.signer.text)),
                ])
            }, "fault": fault ?? .null,
        ])
    }
}
