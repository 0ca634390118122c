package import ArgumentParser
import OrketCore
import OrketSystem
import OrketVerify

/// `orket fixture pin PATH`: finds out which tests a suite has.
package struct FixturePinCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Run a suite on its reference, and pin the tests that passed.",
        discussion: """
            From then on exactly these tests must pass: one that is missing, skipped or new is no pass. A suite of which the \
            reference does not pass every test is not pinned.
            """)

    @Argument(help: "A fixture of the kind suite: its directory, or its file.")
    var path: String

    @Option(
        help:
            "Run this file, directory, archive or git:REPO@REV in place of the fixture's reference, or its 'source' where it names none."
    )
    var candidate: String?

    @Flag(help: "Write the ids to the file that 'pinned' names, whole or not at all, instead of stdout.")
    var write = false

    /// Made by the argument parser.
    package init() {}

    /// Runs the suite once; ends with the exit code of the contract.
    package func run() async throws {
        let status: Int32
        do {
            status = try await pin()
        } catch let error as InvalidInput {
            Console.report(error)
            throw ExitCode(2)
        } catch let error as EvidenceFailure {
            Console.talk(
                "orket: \(TerminalText.escape(error.reason))\norket: hint: \(TerminalText.escape(error.hint))\n")
            throw ExitCode(Outcome.inconclusive.exitCode)
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func pin() async throws -> Int32 {
        let files = try FixtureFinder.find([path])
        guard files.count == 1 else {
            throw InvalidInput([Finding(file: path, "\(files.count) fixtures; pin them one by one")])
        }
        var fixture = try FixtureDecoder.read(
            files[0], source: candidate == nil ? .required : .none, isPinning: true)
        if let candidate {
            fixture = try await CandidateImport.judging(CandidateImport.run(candidate), [fixture])[0]
            if let refusal = fixture.refusal {
                throw InvalidInput(refusal.reasons.map { Finding(file: candidate, $0.detail) })
            }
        } else if let reference = fixture.controls?.reference {
            fixture = fixture.judging(reference)
        }
        guard case .suite(let body) = fixture.body else {
            throw InvalidInput([
                Finding(file: files[0], "a fixture of the kind \(fixture.kind); only a suite has tests to pin")
            ])
        }
        let (write, judged) = (write, fixture)
        return try await SandboxSession.verify([judged.language]) { parts in
            let pinner = SuitePinner(sandbox: parts.supervisor, policies: parts.policies, drivers: parts.drivers)
            switch await pinner.pin(judged, body) {
            case .success(let ids): return .success(write ? Self.store(ids, in: body.pinnedFile) : Self.show(ids))
            case .failure(let refusal):
                Console.talk("orket: not pinned: \(refusal.outcome.rawValue)\n")
                for reason in refusal.reasons {
                    Console.talk("orket: \(reason.code.rawValue): \(TerminalText.escape(reason.detail))\n")
                }
                return .success(refusal.outcome.exitCode)
            }
        }
    }

    private static func show(_ ids: [String]) -> Int32 {
        Console.result(PinnedTests.text(ids))
        return 0
    }

    private static func store(_ ids: [String], in file: String) -> Int32 {
        do throws(SystemError) {
            try Files.publish(file, Array(PinnedTests.text(ids).utf8), mode: 0o644, replaces: true)
        } catch {
            Console.talk("orket: \(TerminalText.escape(file)) cannot be written: \(error)\n")
            return Outcome.inconclusive.exitCode
        }
        Console.talk("orket: \(TerminalText.escape(file)): \(ids.count) tests pinned\n")
        return 0
    }
}
