import OrketCore
import Testing

@testable import OrketVerify

@Suite("Proofs")
struct ProofRulesTests {
    private static let facts = ProofFacts(id: "sum", fixture: "f", policy: "p", version: "1")

    private static func mutant(_ id: String, line: Int = 1) -> Mutant {
        let json = JSONValue.record([
            "id": .string(id), "line": .integer(Int64(line)), "column": .integer(1), "operator": .string("o"),
            "description": .string("d"), "start": .integer(0), "end": .integer(1), "text": .string("x"),
        ])
        guard let mutant = Mutant(json, size: 9) else { preconditionFailure("\(id) is no mutant") }
        return mutant
    }

    private static func control(_ kind: Control.Kind, _ outcome: Outcome, _ code: ReasonCode? = nil) -> ControlResult {
        ControlResult(
            kind: kind, path: kind == .empty ? "" : "\(kind).py", digest: "d", outcome: outcome,
            reasons: code.map { [Reason($0, "why")] } ?? [])
    }

    private static func result(_ id: String, _ outcome: Outcome, isEquivalent: Bool = false) -> MutantResult {
        MutantResult(
            mutant: mutant(id), isEquivalent: isEquivalent, outcome: outcome,
            reason: outcome == .passed ? nil : .resultMismatch, detail: "")
    }

    private static func proof(
        _ controls: [ControlResult]? = nil, _ mutants: MutantReport? = nil, minimumScore: Double? = nil
    ) -> Proof {
        Proof(
            facts: facts, kind: "function", language: "python", provedAt: UTCTime(milliseconds: 0),
            controls: controls ?? [control(.reference, .passed), control(.broken, .failed, .resultMismatch)],
            mutants: mutants, minimumScore: minimumScore)
    }

    @Test("a proof is valid for what it was made of, and each change makes it stale by its name")
    func state() {
        #expect(ProofRules.state(Self.proof(), of: Self.facts) == .valid)
        #expect(ProofRules.state(nil, of: Self.facts) == .absent)
        let changes: [(WritableKeyPath<ProofFacts, String>, String)] = [
            (\.id, "it is about another fixture"), (\.fixture, "the fixture has changed"),
            (\.policy, "a policy or driver has changed"), (\.version, "the verifier has another version"),
        ]
        for (part, what) in changes {
            var other = Self.facts
            other[keyPath: part] += "x"
            #expect(ProofRules.state(Self.proof(), of: other) == .stale([what]))
        }
        let other = ProofFacts(id: "a", fixture: "b", policy: "c", version: "d")
        #expect(ProofRules.state(Self.proof(), of: other) == .stale(changes.map(\.1)))
    }

    @Test(
        "a proof whose own results prove nothing is none",
        arguments: [
            ([], "there is no reference"), ([control(.reference, .passed)], "there is no control that must fail"),
            ([control(.broken, .failed)], "there is no reference"),
            ([control(.reference, .failed), control(.empty, .failed)], "reference reference.py must pass"),
            ([control(.reference, .passed), control(.empty, .passed)], "empty must fail, and passed"),
            (
                [control(.reference, .passed), control(.baseline, .inconclusive)],
                "baseline baseline.py was not decided"
            ),
            (
                [control(.reference, .passed), control(.broken, .failed, .compileError)],
                "broken broken.py must fail at a case"
            ),
        ] as [([ControlResult], String)])
    func problems(_ controls: [ControlResult], _ problem: String) {
        let proof = Self.proof(controls)
        #expect(proof.problems.contains { $0.hasPrefix(problem) }, "\(proof.problems)")
        #expect(proof.outcome != .passed)
        guard case .stale(let what) = ProofRules.state(proof, of: Self.facts) else {
            Issue.record("it is no proof")
            return
        }
        #expect(what == proof.problems)
    }

    @Test("the score counts what failed among what is not equivalent, and its least is exact")
    func score() {
        let report = MutantReport(
            generated: 5,
            results: [
                Self.result("a", .failed), Self.result("b", .rejected), Self.result("c", .passed),
                Self.result("d", .passed, isEquivalent: true),
            ])
        #expect(report.score == 2.0 / 3 && report.survivors.map(\.mutant.id) == ["c"])
        #expect(Self.proof(nil, report, minimumScore: 2.0 / 3).outcome == .passed)
        #expect(Self.proof(nil, report, minimumScore: 0.667).problems == ["the mutation score 0.666 is below 0.667"])
        let none = MutantReport(generated: 0, results: [])
        #expect(Self.proof(nil, none).outcome == .passed)
        #expect(Self.proof(nil, none, minimumScore: 0.1).problems == ["there is no mutant, and so no score"])
        #expect(Self.proof(nil, nil, minimumScore: 0.1).outcome == .failed)
    }

    @Test("what is called equivalent must be a mutant and must pass; what was not decided or left out is no proof")
    func equivalent() {
        func problems(_ change: (inout MutantReport) -> Void) -> [String] {
            var report = MutantReport(generated: 2, results: [Self.result("a", .failed)])
            change(&report)
            return Self.proof(nil, report).problems
        }
        #expect(
            problems { $0.results.append(Self.result("e", .failed, isEquivalent: true)) } == [
                "not equivalent, since it fails: e"
            ])
        #expect(problems { $0.unknownEquivalents = ["x"] } == ["'equivalent' names no mutant: x"])
        #expect(problems { $0.isReduced = true } == ["fewer mutants were run than the fixture asks for"])
        #expect(problems { $0.results.append(Self.result("b", .inconclusive)) } == ["1 mutants were not decided"])
        #expect(problems { $0.failure = "no engine" } == ["no mutants could be made: no engine"])
        let undecided = MutantReport(generated: 1, results: [Self.result("b", .inconclusive)])
        #expect(Self.proof(nil, undecided).outcome == .inconclusive)
        #expect(Self.proof(nil, MutantReport(generated: 0, results: [], failure: "x")).outcome == .inconclusive)
    }

    @Test("a proof reads as it was written; what is none is refused")
    func json() throws {
        let report = MutantReport(
            generated: 3, results: [Self.result("1:a", .failed), Self.result("b", .passed, isEquivalent: true)])
        let proof = Self.proof(nil, report, minimumScore: 0.5)
        let text = Array(proof.json.text.utf8)
        let read = try Proof.decode(text, file: "proof.json")
        #expect(read.facts == proof.facts && read.controls == proof.controls && read.minimumScore == 0.5)
        #expect(read.mutants?.score == 1 && read.mutants?.results.map(\.mutant) == report.results.map(\.mutant))
        #expect(ProofRules.state(read, of: Self.facts) == .valid)
        for (old, new) in [
            ("orket.proof/1", "orket.proof/2"), ("\"fixture\":\"f\"", "\"fixture\":1"), ("\"passed\"", "\"done\""),
            ("{\"schema\"", "[{\"schema\""), ("\"result_mismatch\",\"source\"", "\"x\",\"source\""),
        ] {
            let changed = String(decoding: text, as: UTF8.self).replacing(old, with: new)
            #expect(throws: InvalidInput.self, "\(old)") { try Proof.decode(Array(changed.utf8), file: "proof.json") }
        }
    }

    @Test("a sample is the same every time, in the order of the source, and none when all fit")
    func sample() {
        let all = (1...50).map { Self.mutant("\($0):x", line: $0) }
        let sample = Mutant.sample(all, maximum: 10)
        #expect(sample.count == 10 && sample == Mutant.sample(all, maximum: 10))
        #expect(sample.map(\.line) == sample.map(\.line).sorted())
        #expect(Set(sample.map(\.line)).isSuperset(of: Mutant.sample(all, maximum: 5).map(\.line)))
        #expect(sample.map(\.line) != Array(1...10), "spread, not the first")
        #expect(Mutant.sample(all, maximum: 50) == all)
    }

    @Test("a mutant shows the lines that it changes")
    func lines() throws {
        let source = Array("a\nif x < y:\n    b\n".utf8)
        var mutant = Self.mutant("m")
        (mutant.range, mutant.text) = (7..<8, "<=")
        #expect(mutant.lines(of: source) == (["if x < y:"], ["if x <= y:"]))
        #expect(String(decoding: mutant.applied(to: source), as: UTF8.self) == "a\nif x <= y:\n    b\n")
        (mutant.range, mutant.text) = (0..<1, "p\nq")
        #expect(mutant.lines(of: source) == (["a"], ["p", "q"]))
    }
}
