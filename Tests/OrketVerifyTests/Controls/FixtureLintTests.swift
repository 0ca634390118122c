import OrketCore
import OrketTestSupport
import Testing

@testable import OrketVerify

@Suite("Weak fixtures")
struct FixtureLintTests {
    private let directory = TemporaryDirectory()

    private static let good = """
        schema: 1
        id: sum
        kind: function
        why: because
        language: python
        source: mine.py
        limits: {wall: 2s}
        controls: {broken: [off.py], mutants: {minimumScore: 0.5}}
        entry: f
        cases:
          - {id: one, args: [1], expected: 1}
          - {id: two, args: [2], expected: 2, hidden: true}

        """

    private func findings(_ text: String) throws -> [String] {
        for (name, content) in ["mine.py": "secret-answer", "off.py": "o", "good.py": "g"] {
            _ = directory.write(name, content)
        }
        let fixture = try FixtureDecoder.read(directory.write("fixture.yaml", text))
        return FixtureLint.findings(fixture, text: text).map { "\($0.line):\($0.column) \($0.rule.rawValue)" }
    }

    @Test("a good fixture has no finding")
    func good() throws { #expect(try findings(Self.good) == []) }

    @Test(
        "each weakness is found at its line, and nothing else",
        arguments: [
            ("controls: {broken: [off.py], mutants: {minimumScore: 0.5}}\n", "", ["1:1 no-controls"]),
            ("broken: [off.py]", "empty: false", ["8:1 no-negative-control"]),
            ("broken: [off.py], ", "", ["8:1 only-empty-control"]),
            (", mutants: {minimumScore: 0.5}", "", ["8:1 no-minimum-score"]),
            ("limits: {wall: 2s}\n", "", ["1:1 no-limit"]), (", hidden: true", "", ["11:3 only-visible"]),
            ("expected: 1}", "expected: 1, hidden: true}", ["11:3 only-hidden"]),
            ("expected: 2", "expected: !float 2.5, match: {approximate: 0.1}", ["12:3 weak-tolerance"]),
            ("expected: 2", "expected: !float 2.5, match: {approximate: 1e-6}", []),
            ("expected: 2", "raises: Exception", ["12:3 broad-exception"]),
            ("expected: 2", "raises: {type: Exception, text: big}", []),
            ("args: [2], expected: 2", "args: [1], expected: 1", ["11:3 constant-answer", "12:3 duplicate-input"]),
            ("args: [2]", "args: [1]", ["12:3 contradiction"]),
            ("expected: 2", "expected: 1", ["11:3 constant-answer"]),
            (
                "{broken: [off.py],", "{reference: good.py, broken: [off.py],",
                []
            ),
        ] as [(String, String, [String])])
    func weak(_ old: String, _ new: String, _ expected: [String]) throws {
        #expect(Self.good.contains(old))
        #expect(try findings(Self.good.replacing(old, with: new)) == expected)
    }

    @Test("an answer that the candidate can read is found, but not in the reference")
    func answer() throws {
        let text = Self.good.replacing("expected: 2", with: "expected: secret-answer")
        #expect(try findings(text) == [])
        let apart = text.replacing("{broken:", with: "{reference: good.py, broken:")
        #expect(try findings(apart) == ["12:3 answer-in-candidate"])
        #expect(try findings(apart.replacing("args: [2]", with: "args: [secret-answer]")) == [], "it is given")
    }

    @Test("programs: no output, the same output, the same input")
    func programs() throws {
        func text(_ cases: String) -> String {
            Self.good.replacing("kind: function", with: "kind: cli").replacing(
                "entry: f", with: "run: [python3, mine.py]"
            )
            .split(separator: "\n").filter { !$0.contains("id: one") && !$0.contains("id: two") }
            .joined(separator: "\n") + "\n" + cases
        }
        let silent = "  - {id: a, expected: \" \\n\"}\n  - {id: b, stdin: x, expected: y, hidden: true}\n"
        #expect(try findings(text(silent)) == ["11:3 empty-expected"])
        let same = "  - {id: a, stdin: x, expected: y}\n  - {id: b, stdin: x, expected: y, hidden: true}\n"
        #expect(try findings(text(same)) == ["11:3 constant-answer", "12:3 duplicate-input"])
        let other = "  - {id: a, stdin: x, expected: y}\n  - {id: b, stdin: x, expected: z, hidden: true}\n"
        #expect(try findings(text(other)) == ["12:3 contradiction"])
    }

    @Test("a reference that differs from run to run is found, and one that fails", .timeLimit(.minutes(20)))
    func runs() async throws {
        let verifier = try await RealVerifier([.python])
        func run(_ source: String) async throws -> [LintFinding] {
            for name in ["mine.py", "off.py"] { _ = directory.write(name, name == "mine.py" ? source : "o") }
            let fixture = try FixtureDecoder.read(directory.write("fixture.yaml", Self.good))
            return await ReferenceLint.findings(fixture, text: Self.good, verifier.fixtures)
        }
        let same = try await run("def f(x): return x")
        let random = try await run("from os import urandom\ndef f(x): return x if x == 1 else urandom(16)")
        let wrong = try await run("def f(x): return 1")
        await verifier.shutdown()
        #expect(same == [])
        #expect(wrong.map(\.rule) == [.referenceFails] && wrong.first?.line == 8)
        #expect(
            random.map(\.rule) == [.referenceFails], "what a hidden case answers is kept from results, and so from this"
        )
        let visible = Self.good.replacing(", hidden: true", with: "")
        let fixture = try FixtureDecoder.read(directory.write("fixture.yaml", visible))
        func result(_ digit: String) -> VerificationResult {
            let verdict = Verdict(.failed, [Reason(.resultMismatch, "another")])
            let trials = [digit, "0"].map {
                TrialResult(
                    verdict: verdict, usage: Usage(), exit: nil, expected: nil, actual: Excerpt(Array($0.utf8)),
                    stderr: nil)
            }
            return VerificationResult(
                verdict: verdict, trials: trials, assurance: .split, usage: Usage(),
                timings: VerificationTimings(compileMs: 0, runMs: 0, totalMs: 0), isolation: Isolation(),
                planDigests: [], diagnostic: nil)
        }
        let differing = ReferenceLint.compare(fixture, text: visible, result("1"), result("2"))
        #expect(differing.map { "\($0.line) \($0.rule.rawValue)" } == ["11 nondeterministic"])
    }
}
