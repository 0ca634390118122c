package import ArgumentParser
import OrketBoard
import OrketCore

/// `orket validate DIR`: every defect of a board at once.
package struct ValidateCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check all files of a board, and tell every defect with its place.",
        discussion: """
            Reads the organisation, departments, teams, seats, roles, environments, dialects, rocks, epics, issues and the \
            fixtures that they name. Unknown keys, broken references, duplicate ids, cycles and missing fixtures are told \
            at once, each with file, line and column. Nothing runs on a board that has one.

            Exit status: 0 valid, 2 not valid.

            Examples:
              orket validate board
              orket validate . --json
            """)

    @Argument(help: "The board's directory.")
    var directory = "."

    @Flag(help: "Print one JSON object (schema orket.validation/1), also when there are findings.")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Reads everything, changes nothing.
    package func run() async throws {
        try await BoardCommandRun.run {
            do throws(InvalidInput) {
                let board = try BoardSession.validate(directory)
                tell(board, [])
                return 0
            } catch {
                if !json { throw error }
                tell(nil, error.findings)
                return 2
            }
        }
    }

    private func tell(_ board: Board?, _ findings: [Finding]) {
        let issues = board?.epics.reduce(0) { $0 + $1.issues.count } ?? 0
        if json {
            let counts = board.map { board in
                JSONValue.record([
                    "rocks": .integer(Int64(board.rocks.count)), "epics": .integer(Int64(board.epics.count)),
                    "issues": .integer(Int64(issues)), "fixtures": .integer(Int64(board.fixtures.count)),
                ])
            }
            let list = findings.map { finding in
                JSONValue.record([
                    "file": .string(finding.file), "line": finding.line.map { .integer(Int64($0)) },
                    "column": finding.column.map { .integer(Int64($0)) }, "message": .string(finding.message),
                ])
            }
            let document = JSONValue.record([
                "schema": .string("orket.validation/1"), "directory": .string(directory),
                "valid": .bool(board != nil), "counts": counts, "digest": board.map { .string($0.digest.text) },
                "findings": .array(list),
            ])
            Console.result(document.text + "\n")
        } else if let board {
            Console.result(
                "valid: \(board.rocks.count) rocks, \(board.epics.count) epics, \(issues) issues, "
                    + "\(board.fixtures.count) fixtures\n")
        }
    }
}
