import OrketCore
import OrketSandbox
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketCLI
@testable import OrketVerify

@Suite("HumanEval", .serialized, .timeLimit(.minutes(20)))
struct HumanEvalTests {
    private static let line = #"""
        {"task_id": "HumanEval/7", "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": "    return x\n", "test": "def check(candidate):\n    assert candidate(1) == 1\n"}
        """#

    private func read(_ text: String) throws -> [HumanEvalProblem] {
        let directory = TemporaryDirectory()
        return try HumanEvalProblem.read(directory.write("data.jsonl", text))
    }

    @Test("a problem becomes a fixture whose checker is the test, after the prompt's helpers")
    func fixture() throws {
        let problem = try #require(try read(Self.line + "\n\n").first)
        #expect(problem.id == "humaneval-7")
        #expect(problem.reference == "def f(x):\n    return x\n")
        #expect(
            problem.checker
                == "def f(x):\n\n\nfrom solution import f\ndef check(candidate):\n    assert candidate(1) == 1\n\n")
        let directory = TemporaryDirectory()
        for file in problem.files { _ = directory.write(file.name, file.text) }
        let fixture = try FixtureDecoder.read(directory.path + "/fixture.yaml")
        #expect(fixture.id == problem.id && fixture.kind == "check" && fixture.assurance == .split)
        #expect(fixture.controls?.all.map(\.kind) == [.reference, .baseline, .empty])
    }

    @Test("a data file with defects is refused with all of them")
    func defects() throws {
        let text = [
            "{", Self.line, Self.line, Self.line.replacing("HumanEval/7", with: "../x"),
            Self.line.replacing("\"f\"", with: "\"f g\""), Self.line.replacing("\"prompt\"", with: "\"promt\""),
        ].map { $0 + "\n" }.joined()
        let refused = #expect(throws: InvalidInput.self) { try read(text) }
        #expect(refused?.findings.map(\.line) == [1, 3, 4, 5, 6])
        #expect(throws: InvalidInput.self) { try read("") }
    }

    /// The verdict of HumanEval's own harness: prompt, solution and test as one program.
    private static func plain(_ problem: HumanEvalProblem, _ source: [UInt8], _ verifier: Verifier) async -> Outcome {
        let program = source + Array("\n\(problem.test)\ncheck(\(problem.entry))\n".utf8)
        let verification = Verification(
            language: .python, files: [InputFile(path: "main.py", bytes: program)], compile: nil,
            run: ["python3", "-B", "main.py"], trials: [Trial(name: "")], runLimits: [.wall: 20_000, .cpu: 3_000],
            assurance: .inProcess)
        return await verifier.verify(verification).verdict.outcome
    }

    private static var mayRun: Bool {
        HumanEvalImport.installed() != nil || Process.environment("ORKET_MUST_WORK") == "1"
    }

    @Test(
        "ten problems: what is right passes, what is empty fails, and mutants are judged as by one plain program",
        .enabled(if: mayRun))
    func sample() async throws {
        let file = try #require(HumanEvalImport.installed(), "no HumanEval.jsonl.gz: run .ci/packages humaneval")
        let all = try HumanEvalProblem.read(file)
        #expect(all.count == 164)
        let verifier = try await RealVerifier([.python])
        var compared = 0
        for problem in (0..<10).map({ all[$0 * all.count / 10] }) {
            let directory = TemporaryDirectory()
            for item in problem.files { _ = directory.write(item.name, item.text) }
            let fixture = try FixtureDecoder.read(directory.path + "/fixture.yaml")
            let proof = await Prover(verifier.fixtures, version: "1").prove(
                fixture, jobs: 2, maximumMutants: 4, now: UTCTime(milliseconds: 0))
            #expect(proof.problems == [], "\(problem.id)")
            for result in proof.mutants?.results ?? [] {
                let source = result.mutant.applied(to: Array(problem.reference.utf8))
                let plain = await Self.plain(problem, source, verifier.commands)
                // A helper of the prompt is the test's as well: in one program the test finds the candidate's copy of it.
                let isHelper = result.mutant.range.upperBound <= problem.prompt.utf8.count
                #expect(result.outcome == plain || isHelper, "\(problem.id) \(result.mutant.id)")
                compared += 1
            }
        }
        await verifier.shutdown()
        #expect(compared >= 30)
    }
}
