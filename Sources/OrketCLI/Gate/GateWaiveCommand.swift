package import ArgumentParser
import OrketAttest
import OrketCore
import OrketSystem
import OrketVerify

/// `orket gate waive ISSUE --candidate DIR --reason TEXT --for 7d`.
package struct GateWaiveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Sign a waiver: your word instead of evidence, for one content of one issue, with an end.",
        discussion: """
            It counts only where the board's gate policy names you under waivers, and stays in the issue's history for ever. \
            Nothing is decided here: give the file to orket gate complete --waiver.

            Example:
              orket gate waive ISSUE-7 --candidate work/ --reason 'fixture is broken, see #12' --for 3d > waiver.jsonl

            Exit status: 0 done, 2 bad usage, board or policy, 3 the key may not be used.
            """)

    @Argument(help: "The issue.")
    var issue: String

    @Option(help: "Directory of the board.")
    var board = "."

    @Option(help: "What is delivered.")
    var candidate: String

    @Option(help: "Why; at most 1000 bytes.")
    var reason: String

    @Option(name: .customLong("for"), help: "How long it holds, such as 12h or 7d.")
    var span: String

    @Option(help: "Who waives. Default: the name of this user.")
    var person: String?

    /// Made by the argument parser.
    package init() {}

    /// Signs and prints.
    package func run() async throws {
        try await GateFailure.handle {
            let stored = try await BoardLocation(board).open().existingIssue(issue)
            let policy = try GateBoard(directory: board).policy
            let name = person ?? Process.environment("USER") ?? Process.environment("LOGNAME") ?? ""
            let duration = DurationText.milliseconds(span)
            var findings: [Finding] = []
            if !policy.waivers.contains(name) {
                findings.append(
                    Finding(
                        file: "\(board)/gate.yaml", "'\(name)' may not waive evidence; name that person under waivers"))
            }
            if duration.map({ $0 < 1_000 || $0 > policy.maximumWaiverMs }) ?? true {
                findings.append(
                    Finding(
                        file: "--for", "write a span up to \(DurationText.text(policy.maximumWaiverMs)), such as 3d"))
            }
            if reason.allSatisfy(\.isWhitespace) || reason.utf8.count > 1_000 {
                findings.append(Finding(file: "--reason", "say why in 1 to 1000 bytes"))
            }
            guard findings.isEmpty, let duration else { throw InvalidInput(findings) }
            let imported = try await CandidateImport.run(candidate)
            guard let digest = HexDigest(imported.snapshot.digest) else {
                throw EvidenceFailure("the candidate has no digest", hint: "import it again")
            }
            let now = UTCTime.now
            do throws(AttestError) {
                let key = try KeyStore(directory: try stateKeys()).currentOrNew()
                let bytes = try WaiverDocument.bytes(
                    issue: stored.id, candidate: digest, person: name, reason: reason, issuedAt: now,
                    expiresAt: UTCTime(milliseconds: now.milliseconds + duration), signedBy: key)
                Console.result(String(decoding: bytes, as: UTF8.self))
            } catch { throw EvidenceFailure(error.message, hint: "see orket key --help") }
            return 0
        }
    }

    private func stateKeys() throws(AttestError) -> String {
        do throws(InvalidInput) { return try LastingState.directory() + "/keys" } catch {
            throw AttestError(.key, error.findings.map { "\($0)" }.joined(separator: "; "))
        }
    }
}
