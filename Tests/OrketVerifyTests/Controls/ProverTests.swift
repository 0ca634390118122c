import OrketCore
import OrketSandbox
import OrketTestSupport
import Testing

@testable import OrketVerify

/// Controls and mutants of real programs in real sandboxes.
@Suite("Proving fixtures", .serialized, .timeLimit(.minutes(20)))
struct ProverTests {
    private let directory = TemporaryDirectory()

    private static let python = """
        pass; import os  # é
        def clamp(value, low=0, high=10):
            '''Moves value into the range.'''
            if value < low and not (value == 3):
                return low
            while value > high: value -= 1
            return [value][0:1][0] if value is not None else f"{value + 1}"
        """
    private static let javascript = """
        function clamp(value, low = 0, high = 10) {
          if (value < low && !(value === 3)) return low;
          const text = /[/"]/g, more = `é ${value + 1}`;
          while (value > high) value -= 1;
          return value / 1;
        }
        """

    private func fixture(_ language: Language, _ source: String, controls: String, cases: String) throws -> Fixture {
        let name = language == .python ? "mine.py" : "mine.js"
        _ = directory.write(name, source)
        let text = """
            schema: 1
            id: clamp
            kind: function
            why: because
            language: \(language.rawValue)
            source: \(name)
            entry: clamp
            limits: {wall: 20s, cpu: 5s}
            cases: \(cases)
            controls: \(controls)

            """
        return try FixtureDecoder.read(directory.write("fixture.yaml", text))
    }

    private static let cases = """
        [{id: inside, args: [5], expected: 5}, {id: below, args: [-5], expected: 0}, {id: above, args: [12], expected: 10}]
        """

    private static func prove(_ fixture: Fixture, maximum: Int? = nil) async throws -> Proof {
        let verifier = try await RealVerifier([fixture.language])
        let proof = await Prover(verifier.fixtures, version: "1").prove(
            fixture, jobs: 2, maximumMutants: maximum, now: UTCTime(milliseconds: 0))
        await verifier.shutdown()
        return proof
    }

    private static func mutants(_ source: String, _ language: Language) async throws -> [Mutant] {
        let verifier = try await RealVerifier([language])
        let maker = MutantMaker(
            sandbox: verifier.fixtures.sandbox, policies: verifier.fixtures.policies, drivers: verifier.fixtures.drivers
        )
        let result: Result<[Mutant], MutantMaker.Problem>
        do throws(MutantMaker.Problem) {
            result = .success(try await maker.mutants(of: Array(source.utf8), language))
        } catch {
            result = .failure(error)
        }
        await verifier.shutdown()
        return try result.get()
    }

    @Test("mutants of Python are small changes of the text, in its order, none like another", arguments: [false, true])
    func python(withMark: Bool) async throws {
        let source = (withMark ? "\u{FEFF}" : "") + Self.python
        let mutants = try await Self.mutants(source, .python)
        #expect(Set(mutants.map(\.id)).count == mutants.count)
        #expect(mutants.map(\.range.lowerBound) == mutants.map(\.range.lowerBound).sorted())
        #expect(mutants.allSatisfy { $0.applied(to: Array(source.utf8)) != Array(source.utf8) })
        let ids = Set(mutants.map(\.id))
        for id in [
            "2:constant 0 -> 1", "4:boundary < -> <=", "4:compare < -> >", "4:boolean and -> or",
            "4:boolean not -> nothing", "4:compare == -> !=", "4:constant 3 -> 2", "5:return low -> None",
            "6:removal value -= 1 -> pass", "6:arithmetic -= -> +=", "6:condition value > high -> not (value > high)",
            "7:slice 0 -> None", "7:compare is not -> is",
        ] { #expect(ids.contains(id), "\(id) in \(ids.sorted())") }
        #expect(mutants.allSatisfy { $0.line != 1 && $0.line != 3 }, "imports and docstrings mean nothing")
        #expect(!mutants.contains { $0.operator == "arithmetic" && $0.line == 7 }, "nothing within an f-string")
    }

    @Test("mutants of JavaScript know regular expressions, divisions and templates apart")
    func javascript() async throws {
        let mutants = try await Self.mutants(Self.javascript, .javascript)
        let ids = Set(mutants.map(\.id))
        #expect(ids.count == mutants.count)
        #expect(mutants.map(\.range.lowerBound) == mutants.map(\.range.lowerBound).sorted())
        for id in [
            "1:constant 0 -> 1", "2:boundary < -> <=", "2:boolean && -> ||", "2:boolean ! -> nothing",
            "2:compare === -> !==", "2:return low -> undefined", "3:arithmetic + -> -",
            "4:removal value -= 1 -> nothing",
            "4:condition value > high -> !(value > high)", "5:arithmetic / -> *", "5:return value / 1 -> undefined",
        ] { #expect(ids.contains(id), "\(id) in \(ids.sorted())") }
        #expect(!mutants.contains { $0.line == 3 && $0.text == "*" }, "a regular expression is no division")
    }

    @Test("a reference that is no program has no mutants, and says why", arguments: [Language.python, .javascript])
    func noProgram(_ language: Language) async throws {
        let problem = await #expect(throws: MutantMaker.Problem.self) { try await Self.mutants("f((", language) }
        #expect(problem?.sentence.contains("the reference does not") == true, "\(problem?.sentence ?? "")")
    }

    @Test(
        "a fixture with good cases is proven; what its cases do not look at survives",
        arguments: [Language.python, .javascript])
    func proves(_ language: Language) async throws {
        let source = language == .python ? Self.python : Self.javascript
        let wrong = source.replacing("value < low", with: "value > low")
        _ = directory.write("wrong", wrong)
        let fixture = try fixture(
            language, source, controls: "{broken: [wrong], mutants: {minimumScore: 0.3}}", cases: Self.cases)
        let proof = try await Self.prove(fixture)
        #expect(proof.problems == [] && proof.outcome == .passed)
        #expect(proof.controls.map(\.kind) == [.reference, .broken, .empty])
        let mutants = try #require(proof.mutants)
        #expect(mutants.results.count == mutants.generated && mutants.generated > 20)
        let survivors = mutants.survivors.map(\.mutant.id)
        #expect(survivors.contains { $0.hasSuffix("constant 3 -> 4") }, "no case has a 3: \(survivors)")
        let killed = mutants.results.filter(\.isKilled).map(\.mutant.id)
        #expect(killed.contains { $0.hasSuffix("compare < -> >") })
        #expect(
            killed.contains { $0.hasSuffix("arithmetic -= -> +=") }, "an endless loop is ended and counts as told apart"
        )
        let state = ProofRules.state(
            proof,
            of: ProofFacts(id: "clamp", fixture: fixture.content.digest, policy: proof.facts.policy, version: "1"))
        #expect(state == .valid)
    }

    @Test("a gate that cannot fail is found: a broken program that passes, a reference that fails, no control at all")
    func findsWeak() async throws {
        _ = directory.write("off.py", Self.python.replacing("return low", with: "return 7"))
        let onlyInside = "[{id: inside, args: [5], expected: 5}]"
        let weak = try await Self.prove(
            try fixture(
                .python, Self.python, controls: "{broken: [off.py], mutants: {minimumScore: 0.3}}", cases: onlyInside))
        #expect(weak.problems.first == "broken off.py must fail, and passed")
        #expect(weak.outcome == .failed && weak.mutants == nil, "mutants are not asked before the controls hold")
        let wrong = try await Self.prove(
            try fixture(.python, Self.python, controls: "{}", cases: "[{id: inside, args: [5], expected: 6}]"))
        #expect(wrong.problems.first?.hasPrefix("reference mine.py must pass, and is failed (result_mismatch") == true)
        let none = try await Self.prove(
            try fixture(.python, Self.python, controls: "{empty: false}", cases: onlyInside))
        #expect(none.problems.first?.hasPrefix("there is no control that must fail") == true)
        let low = try await Self.prove(
            try fixture(.python, Self.python, controls: "{mutants: {minimumScore: 1}}", cases: onlyInside))
        #expect(low.problems.count == 1 && low.problems[0].hasPrefix("the mutation score 0."), "\(low.problems)")
    }

    @Test("fewer mutants than the fixture asks for are no proof where it asks for a score")
    func reduced() async throws {
        let fixture = try fixture(
            .python, Self.python, controls: "{mutants: {minimumScore: 0.1}}", cases: Self.cases)
        let proof = try await Self.prove(fixture, maximum: 5)
        #expect(proof.mutants?.results.count == 5 && proof.outcome == .failed)
        #expect(proof.problems == ["fewer mutants were run than the fixture asks for"])
    }
}
