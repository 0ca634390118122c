import OrketCore
import OrketVerify
import Testing

/// Suites whose candidate is a directory are proven like other fixtures.
@Suite("Controls of suites", .serialized, .timeLimit(.minutes(20)))
struct SuiteControlsTests {
    private static let sign = "def sign(x):\n    return -1 if x < 0 else 1\n"
    private static let total = "from calc.sign import sign\n\n\ndef total(xs):\n    return sum(xs) * sign(1)\n"

    /// A fixture whose source is a directory of two modules, with these controls and tests.
    private func fixture(
        _ place: SuitePlace, controls: String, tests: String, broken: String = "def total(xs):\n    return 0\n"
    ) throws -> Fixture {
        try place.write("broken/calc/total.py", broken)
        try place.write("broken/calc/sign.py", Self.sign)
        return try place.fixture(
            .unittest, candidate: [("calc/sign.py", Self.sign), ("calc/total.py", Self.total), ("notes.txt", "x")],
            tests: [("test_calc.py", tests)],
            pinned: ["test_calc.CalcTest.test_total", "test_calc.CalcTest.test_sign"],
            keys: "controls: \(controls)")
    }

    private static func suite(_ sign: String) -> String {
        """
        from unittest import TestCase
        from calc.sign import sign
        from calc.total import total
        class CalcTest(TestCase):
            def test_total(self):
                self.assertEqual(total([1, 2]), 3)
            def test_sign(self):
                \(sign)
        """
    }

    @Test(
        "the directory is the reference, broken ones and the empty one fail, and mutants are made in each of its files")
    func proves() async throws {
        let place = SuitePlace()
        let whole = "self.assertEqual([sign(-1), sign(0), sign(1)], [-1, 1, 1])"
        let fixture = try fixture(
            place, controls: "{broken: [broken], mutants: {minimumScore: 0.6}}", tests: Self.suite(whole))
        let content = fixture.content.entries.map(\.path)
        #expect(content.contains("candidate/calc/sign.py") && content.contains("broken/calc/total.py"))
        let proof = try await withSuiteVerifier([.python]) { verifier in
            await Prover(verifier.fixtures, version: "1").prove(fixture, jobs: 2, now: UTCTime(milliseconds: 0))
        }
        #expect(proof.problems == [])
        #expect(proof.controls.map(\.kind) == [.reference, .broken, .empty])
        #expect(proof.controls.map(\.outcome) == [.passed, .failed, .failed])
        #expect(Set(proof.controls.map(\.digest)).count == 3)
        let mutants = try #require(proof.mutants)
        let files = Set(mutants.results.map(\.mutant.file))
        #expect(files == ["calc/sign.py", "calc/total.py"])
        #expect(mutants.results.allSatisfy { $0.mutant.id.hasPrefix($0.mutant.file + ":") })
        #expect(mutants.results.contains { $0.mutant.file == "calc/total.py" && $0.outcome == .failed })
    }

    @Test("a suite that looks at half of the candidate leaves mutants of the other half alive")
    func survivors() async throws {
        let place = SuitePlace()
        let fixture = try fixture(place, controls: "{mutants: {minimumScore: 0.9}}", tests: Self.suite("sign(1)"))
        let proof = try await withSuiteVerifier([.python]) { verifier in
            await Prover(verifier.fixtures, version: "1").prove(fixture, jobs: 2, now: UTCTime(milliseconds: 0))
        }
        #expect(!proof.problems.isEmpty)
        let survivors = try #require(proof.mutants).survivors
        #expect(survivors.contains { $0.mutant.file == "calc/sign.py" })
    }
}
