package import ArgumentParser
import OrketCore
import OrketStore

/// `orket evidence`: looks at the records of verifications. None of its commands changes a record; none could.
package struct EvidenceCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Look at the records of verifications, and check that none was changed.",
        discussion: """
            Records are kept in $ORKET_STATE_DIR/evidence, else in $XDG_STATE_HOME/orket/evidence, else in \
            /var/lib/orket/evidence for root and in \
            ~/.local/state/orket/evidence for others. They are appended and never changed or removed; each carries a \
            hash over itself and the record before it.

            Exit status: 0 done, 2 bad usage, or no such record, 3 the records cannot be read, 4 the chain is broken.

            Examples:
              orket evidence log --outcome failed --since 2026-01-31
              orket evidence show 019aba1f
              orket evidence verify-chain
              orket evidence export --output evidence.jsonl
              orket evidence prune --older-than 30d
            """,
        subcommands: [
            EvidenceLogCommand.self, EvidenceShowCommand.self, EvidenceVerifyChainCommand.self,
            EvidenceHeadCommand.self,
            EvidenceExportCommand.self, EvidencePruneCommand.self,
        ])

    /// Made by the argument parser.
    package init() {}

    /// Does the work of one command with the store, nil where nothing was ever stored; ends with the exit code of the
    /// contract. `arguments` are checked before the store is opened.
    static func run<Arguments>(
        _ arguments: () throws(InvalidInput) -> Arguments,
        _ work: (Arguments, EvidenceStore?, EvidenceLocation) async throws -> Int32
    ) async throws {
        var status: Int32
        do {
            let arguments = try arguments()
            let location = try EvidenceLocation()
            status = try await work(arguments, try await location.openExisting(), location)
        } catch let error as InvalidInput {
            Console.report(error)
            status = 2
        } catch let error as StoreError {
            report(EvidenceFailure(error))
            status = error.code == .ambiguous ? 2 : Outcome.inconclusive.exitCode
        } catch let error as EvidenceFailure {
            report(error)
            status = Outcome.inconclusive.exitCode
        }
        if status != 0 { throw ExitCode(status) }
    }

    private static func report(_ failure: EvidenceFailure) {
        Console.talk(
            "orket: \(TerminalText.escape(failure.reason))\norket: hint: \(TerminalText.escape(failure.hint))\n")
    }
}
