package import ArgumentParser
import OrketCore

/// `orket fixture prove PATH...`: runs controls and mutants, and writes the proof.
package struct FixtureProveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Run the controls of fixtures and mutants of their references; write proof.json where all hold.",
        discussion: """
            The reference must pass; broken variants, the baseline and the empty candidate must fail. Mutants are small \
            changes of the reference: those that pass show what the cases do not look at. A proof is bound to the content \
            of the fixture, its policies and the version of the verifier; `orket verify --require-proof` asks for it.

            Exit status: 0 all are proven, 1 something does not hold, 2 bad usage or input, 3 inconclusive, \
            130 interrupted.
            """)

    @Argument(help: "Fixture directories, directories with fixtures below them, or fixture files.")
    var paths: [String]

    @Option(help: "Runs at a time. Default: one for each processor.")
    var jobs: Int?

    @Option(help: "Run at most so many mutants of each reference, instead of what the fixture says; 0 runs none.")
    var mutants: Int?

    @Flag(help: "Print one JSON object (schema orket.prove/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Refuses numbers that mean nothing.
    package func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must be from 1 to 1024") }
        if let mutants, !(0...10_000).contains(mutants) { throw ValidationError("--mutants must be from 0 to 10000") }
    }

    /// Proves; ends with the exit code of the contract.
    package func run() async throws {
        let status: Int32
        do throws(InvalidInput) {
            let session = try ProveSession(paths: paths, jobs: jobs ?? Console.processorCount, maximumMutants: mutants)
            status = try await session.run(json: json)
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        if status != 0 { throw ExitCode(status) }
    }
}
