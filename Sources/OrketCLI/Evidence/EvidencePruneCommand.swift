package import ArgumentParser
import OrketCore
import OrketStore

/// `orket evidence prune`: removes bytes of streams, artefacts and candidates that are old. Records stay.
package struct EvidencePruneCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove streams, artefacts and candidates that no younger record needs.",
        discussion: """
            Records are never removed: they keep the digest and the size of everything, and say what was pruned. While \
            another command verifies, what was stored within the last 24 hours stays.

            Examples:
              orket evidence prune --older-than 30d --dry-run
              orket evidence prune --older-than 1w --keep-bytes 2GiB
            """)

    @Option(
        help: ArgumentHelp(
            "Only what no record of this age or younger needs: 30d, or a day or moment in UTC.", valueName: "age"))
    var olderThan: String

    @Option(help: ArgumentHelp("Remove the oldest only until so much is left, such as 2GiB.", valueName: "bytes"))
    var keepBytes: String?

    @Flag(help: "Remove nothing, only tell.")
    var dryRun = false

    @Flag(help: "Print one JSON object (schema orket.evidence-prune/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks both options, then removes.
    package func run() async throws {
        try await EvidenceCommand.run(options) { options, store, _ in
            let pruning = EvidencePruning(
                store: store, content: try ContentLocation(), cutoff: options.cutoff, keepBytes: options.keepBytes)
            let report = try await pruning.run(isDry: dryRun)
            let records = try await store?.count() ?? 0
            Console.result(
                json ? Self.json(report, options.cutoff, records, dryRun).text + "\n" : text(report, records))
            return 0
        }
    }

    private func options() throws(InvalidInput) -> (cutoff: UTCTime, keepBytes: UInt64?) {
        var findings: [Finding] = []
        let cutoff = RetentionAge.cutoff(olderThan, now: .now)
        if cutoff == nil {
            findings.append(
                Finding(file: "--older-than", "\(CanonicalText.quote(olderThan)): \(RetentionAge.hint)"))
        }
        var bytes: UInt64?
        if let keepBytes, keepBytes == "0" {
            bytes = 0
        } else if let keepBytes {
            bytes = try? LimitParser.parse(keepBytes, for: .output).get()
            if bytes == nil {
                findings.append(
                    Finding(
                        file: "--keep-bytes",
                        "\(CanonicalText.quote(keepBytes)): write 0, or bytes with a unit such as 2GiB"))
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return (cutoff!, bytes)
    }

    private func text(_ report: EvidencePruning.Report, _ records: Int) -> String {
        let verb = dryRun ? "would be removed" : "removed"
        let more = report.isAlone ? "" : "others use the store: what was stored within 24 hours stays\n"
        return "\(Self.count(report.removed)) \(verb), \(Self.count(report.kept)) stay; all \(records) records stay\n"
            + more
    }

    private static func count(_ sum: (blobs: Int, bytes: UInt64)) -> String {
        "\(sum.blobs) \(sum.blobs == 1 ? "blob" : "blobs") (\(sum.bytes) bytes)"
    }

    private static func json(
        _ report: EvidencePruning.Report, _ cutoff: UTCTime, _ records: Int, _ isDry: Bool
    ) -> JSONValue {
        func json(_ sum: (blobs: Int, bytes: UInt64)) -> JSONValue {
            .object([.init("blobs", .integer(Int64(sum.blobs))), .init("bytes", .count(sum.bytes))])
        }
        return .object([
            .init("schema", .string("orket.evidence-prune/1")), .init("dryRun", .bool(isDry)),
            .init("olderThan", .string(cutoff.rfc3339)), .init("alone", .bool(report.isAlone)),
            .init("removed", json(report.removed)), .init("kept", json(report.kept)),
            .init("records", .integer(Int64(records))),
        ])
    }
}
