import ArgumentParser
import OrketCore
import OrketStore

/// Ends a command of the gate with the exit code of the contract, whatever went wrong.
enum GateFailure {
    /// Runs `body` and ends with the code that it returns.
    static func handle(_ body: () async throws -> Int32) async throws {
        let code: Int32
        do { code = try await body() } catch let error as InvalidInput {
            Console.report(error)
            throw ExitCode(2)
        } catch let error as WorkStoreFailure {
            Console.talk("orket: \(TerminalText.escape(sentence(error)))\n")
            throw ExitCode(isRefusal(error) ? Outcome.rejected.exitCode : Outcome.inconclusive.exitCode)
        } catch let error as StoreError {
            Console.talk(
                "orket: \(TerminalText.escape("\(error.file): \(error.reason)"))\norket: hint: \(error.repair)\n")
            throw ExitCode(Outcome.inconclusive.exitCode)
        } catch let error as EvidenceFailure {
            Console.talk(
                "orket: \(TerminalText.escape(error.reason))\norket: hint: \(TerminalText.escape(error.hint))\n")
            throw ExitCode(Outcome.inconclusive.exitCode)
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.talk("orket: \(TerminalText.escape("\(error)"))\n")
            throw ExitCode(Outcome.inconclusive.exitCode)
        }
        if code != 0 { throw ExitCode(code) }
    }

    private static func isRefusal(_ failure: WorkStoreFailure) -> Bool {
        if case .refused = failure { true } else { false }
    }

    private static func sentence(_ failure: WorkStoreFailure) -> String {
        switch failure {
        case .refused(let refusal): refusal.description
        case .noSuchCard(let id): "there is no card '\(id)'"
        case .conflict(let text), .corrupted(let text), .unavailable(let text): text
        }
    }
}
