package import ArgumentParser
import Glibc
import OrketCore
import OrketStore
internal import OrketSystem

/// `orket evidence export`: all records as JSON Lines.
package struct EvidenceExportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all records as JSON Lines, the oldest first.",
        discussion: """
            Each line is one orket.evidence/1 object: the record byte for byte, and its place in the chain, so that \
            every hash can be computed from the line alone. A file is replaced as a whole or not at all.

            Examples:
              orket evidence export > evidence.jsonl
              orket evidence export --output evidence.jsonl
            """)

    @Option(help: ArgumentHelp("Write to this file instead of stdout.", valueName: "file"))
    var output: String?

    /// Made by the argument parser.
    package init() {}

    /// Records that are held at once.
    private static let page = 32

    /// Writes page by page.
    package func run() async throws {
        try await EvidenceCommand.run(checkOutput) { _, store, _ in
            do {
                if let output {
                    let replacement = try FileReplacement(output)
                    try await Self.export(store) { try replacement.write($0) }
                    try replacement.commit()
                } else {
                    let stdout = Descriptor(owning: dup(STDOUT_FILENO))
                    try await Self.export(store) { try stdout.writeAll($0) }
                }
            } catch let error as SystemError {
                throw EvidenceFailure("\(output ?? "stdout"): \(error)", hint: "make room, or name another file")
            }
            return 0
        }
    }

    private func checkOutput() throws(InvalidInput) {
        if let output, let problem = Files.replaceProblem(output) {
            throw InvalidInput([Finding(file: output, problem)])
        }
    }

    private static func export(_ store: EvidenceStore?, write: ([UInt8]) throws -> Void) async throws {
        var last: Int64 = 0
        while let records = try await store?.page(after: last, limit: page), let end = records.last {
            try write(records.flatMap { Array(($0.line + "\n").utf8) })
            last = end.sequence
        }
    }
}
