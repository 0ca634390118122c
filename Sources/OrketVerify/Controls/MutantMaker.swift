import OrketCore
import OrketSandbox

/// Makes the mutants of a program, in a sandbox: what reads it is `policies/drivers/*-mutants.*`.
struct MutantMaker: Sendable {
    let sandbox: any SandboxRunner
    let policies: ToolchainPolicies
    let drivers: Drivers

    private static let maximumOutput = 32 << 20
    /// A larger program has more mutants than anybody would run.
    private static let maximumSource = 256 << 10

    /// Why there are none, for people.
    struct Problem: Error {
        var sentence: String
    }

    /// All mutants of `source`, in its order; none of them is equal to it or to another by their syntax.
    func mutants(of source: [UInt8], _ language: Language) async throws(Problem) -> [Mutant] {
        if source.count > Self.maximumSource {
            throw Problem(sentence: "the reference is larger than \(Self.maximumSource) bytes")
        }
        var policy = policies.run(language, limits: [:])
        (policy.limits.wallMs, policy.limits.cpuMs, policy.limits.idleMs) = (300_000, 120_000, nil)
        policy.limits.outputBytes = UInt64(Self.maximumOutput)
        guard let (prepared, argv) = drivers.prepareMutator(language, policy) else {
            throw Problem(sentence: "there is no mutator for \(language.rawValue)")
        }
        var request = RunRequest(argv: argv)
        request.stdin = source.isEmpty ? .empty : .bytes(source)
        request.keepHeadBytes = Self.maximumOutput
        let result: RunResult
        do throws(SandboxError) {
            result = try await sandbox.execute(request, policy: prepared)
        } catch {
            throw Problem(sentence: error.message)
        }
        guard result.outcome == .passed else {
            let told = String(decoding: result.stderr.bytes.suffix(300), as: UTF8.self).jsonEscaped
            throw Problem(
                sentence: result.reasons.map(\.detail).joined(separator: "; ") + (told.isEmpty ? "" : ": \(told)"))
        }
        return try Self.decode(result.stdout.head, size: source.count)
    }

    private static func decode(_ output: [UInt8], size: Int) throws(Problem) -> [Mutant] {
        var mutants: [Mutant] = []
        for (number, line) in output.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let json = try? StrictJSON.parse(Array(line)), let mutant = Mutant(json, size: size) else {
                throw Problem(sentence: "line \(number + 1) of the mutator is no mutant")
            }
            mutants.append(mutant)
        }
        return mutants
    }
}
