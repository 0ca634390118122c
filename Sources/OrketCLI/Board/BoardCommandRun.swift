internal import ArgumentParser
internal import OrketCore
internal import OrketStore

/// What all commands about a board have in common: what went wrong is told with its repair, and becomes the exit status of
/// the contract.
enum BoardCommandRun {
    /// Runs `work`; a status other than 0 ends the command.
    static func run(_ work: () async throws -> Int32) async throws {
        var status: Int32
        do {
            status = try await work()
        } catch let error as InvalidInput {
            Console.report(error)
            status = 2
        } catch let error as StoreError {
            tell(error.file + ": " + error.reason, hint: error.repair)
            status = error.code == .absent ? 2 : Outcome.inconclusive.exitCode
        } catch let error as WorkStoreFailure {
            status = tell(error)
        }
        if status != 0 { throw ExitCode(status) }
    }

    private static func tell(_ failure: WorkStoreFailure) -> Int32 {
        switch failure {
        case .refused(let refusal):
            for problem in refusal.problems {
                tell("card '\(refusal.card)': \(problem.detail) (\(problem.code.rawValue))")
            }
            return 1
        case .noSuchCard(let id):
            tell("there is no card '\(id)'", hint: "orket cards lists them")
            return 2
        case .conflict(let sentence):
            tell(sentence)
            return 1
        case .corrupted(let sentence), .unavailable(let sentence):
            tell(sentence)
            return Outcome.inconclusive.exitCode
        }
    }

    private static func tell(_ sentence: String, hint: String? = nil) {
        Console.talk("orket: \(TerminalText.escape(sentence))\n")
        if let hint { Console.talk("orket: hint: \(TerminalText.escape(hint))\n") }
    }

    /// The id that a command line names.
    static func card(_ text: String) throws(InvalidInput) -> CardID {
        guard let id = CardID(text) else {
            throw InvalidInput([Finding(file: CanonicalText.quote(text), "is no name of a card")])
        }
        return id
    }
}
