package import ArgumentParser
import OrketAttest
import OrketCore
import OrketStore
import OrketSystem

/// `orket evidence head`: signs how far the chain has come.
package struct EvidenceHeadCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Sign the head of the chain, to be kept elsewhere.",
        discussion: """
            Computes every hash again first: a chain that is broken is not signed. What is printed is one DSSE envelope; \
            kept where this host cannot write, it shows later that no record up to it was cut off or rewritten.

            Exit status: 0 signed, 3 the records cannot be read, 4 the chain is broken.

            Examples:
              orket evidence head --output /mnt/elsewhere/head.json
              orket evidence verify-chain --head /mnt/elsewhere/head.json
            """)

    @Option(help: ArgumentHelp("Write to this file, whole or not at all, instead of stdout.", valueName: "file"))
    var output: String?

    /// Made by the argument parser.
    package init() {}

    /// Walks along the chain, then signs.
    package func run() async throws {
        try await EvidenceCommand.run(checkOutput) { _, store, location in
            let report = try await store?.verifyChain() ?? ChainReport()
            if report.fault != nil {
                Console.talk(EvidenceVerifyChainCommand.text(report, location.path))
                return Outcome.rejected.exitCode
            }
            let key = KeyStore(directory: try LastingState.directory() + "/keys")
            let bytes: [UInt8]
            do throws(AttestError) {
                let head = try ChainHead(length: report.chain.length, hash: report.chain.head)
                bytes = try head.envelope(signedBy: key.currentOrNew()).bytes + [UInt8(ascii: "\n")]
            } catch {
                throw EvidenceFailure(error.message, hint: "see orket key --help")
            }
            guard let output else {
                Console.result(String(decoding: bytes, as: UTF8.self))
                return 0
            }
            do throws(SystemError) { try Files.replace(output, bytes) } catch {
                throw EvidenceFailure("\(output): \(error)", hint: "make room, or name another file")
            }
            return 0
        }
    }

    private func checkOutput() throws(InvalidInput) {
        if let output, let problem = Files.replaceProblem(output) {
            throw InvalidInput([Finding(file: output, problem)])
        }
    }
}
