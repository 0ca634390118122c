import OrketCore
import OrketTestSupport
import Testing

@testable import OrketVerify

/// A checker and a candidate in two real sandboxes.
@Suite("Check fixtures", .serialized)
struct CheckFixtureTests {
    private static func fixture(
        _ candidate: String, checker: String, style: String = "function", entries: String = "[f]",
        language: Language = .python, wall: String = "30s"
    ) throws -> Fixture {
        let directory = TemporaryDirectory()
        let ending = language == .python ? "py" : "js"
        _ = directory.write("solution.\(ending)", candidate)
        _ = directory.write("checker.\(ending)", checker)
        let text = """
            schema: 1
            id: checked
            kind: check
            why: test
            language: \(language.rawValue)
            source: solution.\(ending)
            checker: checker.\(ending)
            style: \(style)
            entries: \(entries)
            limits: {wall: \(wall), cpu: 1s}
            """
        return try FixtureDecoder.decode(Array(text.utf8), file: directory.path + "/fixture.yaml")
    }

    private static func verdicts(_ fixtures: [Fixture]) async throws -> [Verdict] {
        let verifier = try await RealVerifier(Set(fixtures.map(\.language)))
        let results = await verifier.fixtures.verify(fixtures, jobs: 2)
        await verifier.shutdown()
        return results.map(\.result.verdict)
    }

    private static let checker = """
        METADATA = {"author": "test"}
        def check(candidate):
            assert candidate(1, b=2) == 3
            assert candidate([1], b=[2.5]) == [1, 2.5], "lists"
            assert candidate((1,), b=()) == (1,)
            try:
                candidate(1, b="x")
                assert False, "no TypeError"
            except TypeError as error:
                assert "unsupported" in str(error)
        """

    /// Candidates with the reason for which each must not pass; nil passes.
    private static let candidates: [(source: String, reason: ReasonCode?)] = [
        ("def f(a, b): return a + b", nil),
        ("def f(a, b): return a - b", .resultMismatch),
        ("def f(a, b): return None", .resultMismatch),
        ("def g(a, b): return a + b", .artifactMissing),
        ("def f(a, b):\n    import os\n    os._exit(0)", .missingExpectedTest),
        ("import os\nos._exit(0)", .missingExpectedTest),
        ("import sys\nsys.exit(0)", .nonzeroExit),
        ("def f(a, b):\n    raise SystemExit(0)", .resultMismatch),
        ("def f(a, b):\n    while True: pass", .cpuTime),
        ("import time\ndef f(a, b):\n    time.sleep(60)", .wallTime),
        (
            "class A:\n    def __eq__(self, o): return True\ndef f(a, b): return A()", .resultMismatch
        ),
        ("import os\ndef f(a, b):\n    os.write(3, b'\\x02\\0\\0\\0{}')\n    return 3", .resultChannelForged),
        ("import os\ndef f(a, b):\n    os.write(3, b'\\xff' * 64)\n    return 3", .resultChannelForged),
        ("import builtins\nbuiltins.AssertionError = Exception\ndef f(a, b): return 0", .resultMismatch),
        ("def f(a, b):\n    raise AssertionError", .resultMismatch),
        ("def f(a, b: return", .nonzeroExit),
        ("import sys\nsys.modules['checker'].check = print\ndef f(a, b): return 3", .nonzeroExit),
    ]

    @Test("an unmodified checker judges honest and hostile candidates as it should", .timeLimit(.minutes(20)))
    func judges() async throws {
        let fixtures = try Self.candidates.map {
            try Self.fixture($0.source, checker: Self.checker, wall: $0.reason == .wallTime ? "2s" : "30s")
        }
        for (verdict, row) in zip(try await Self.verdicts(fixtures), Self.candidates) {
            #expect(verdict.primary == row.reason, "\(row.source): \(verdict)")
        }
    }

    @Test("the candidate's sandbox holds nothing of the checker, and the checker's nothing of the candidate")
    func apart() async throws {
        let canary = "canary-7f3a"
        let candidate = """
            pass; import os
            def f():
                found = []
                for root in ("/box", "/orket", "/tmp", "/proc"):
                    for path, _, files in os.walk(root):
                        for name in files:
                            try:
                                with open(os.path.join(path, name), "rb") as file:
                                    if b"canary-" + b"7f3a" in file.read(1 << 20): found.append(name)
                            except OSError: pass
                return found
            """
        let checker = """
            pass; import os
            def check(candidate):
                secret = "\(canary)"
                assert candidate() == [], "found"
                assert not os.path.exists("/box/solution.py")
            """
        #expect(try await Self.verdicts([try Self.fixture(candidate, checker: checker)])[0] == Verdict(.passed))
    }

    @Test("asserts and unittest: empty, skipped and failing checkers are no pass")
    func styles() async throws {
        let honest = "def f(a): return a * 2"
        let unittest = """
            pass; import unittest
            from solution import f
            class T(unittest.TestCase):
                def test_one(self): self.assertEqual(f(2), 4)
                def test_two(self): self.assertEqual(f("a"), "aa")
            """
        let rows: [(String, String, ReasonCode?)] = [
            ("assert f(2) == 4\nfrom solution import f as g\nassert g(1) == 2", "asserts", nil),
            ("assert f(2) == 5", "asserts", .resultMismatch),
            (unittest, "unittest", nil),
            (unittest.replacing("4)", with: "5)"), "unittest", .resultMismatch),
            ("import unittest", "unittest", .noTestsRan),
            (unittest.replacing("    def", with: "    @unittest.skip('x')\n    def"), "unittest", .allSkipped),
        ]
        let fixtures = try rows.map { try Self.fixture(honest, checker: $0.0, style: $0.1) }
        for (verdict, row) in zip(try await Self.verdicts(fixtures), rows) {
            #expect(verdict.primary == row.2, "\(row.0): \(verdict)")
        }
    }

    @Test("JavaScript: node's own assert against a proxy")
    func javascript() async throws {
        let checker = """
            const assert = require("node:assert");
            function check(f) {
              assert.deepStrictEqual(f(1, 2), 3);
              assert.throws(() => f(null), TypeError);
            }
            """
        let honest = "const f = (a, b) => { if (a === null) throw new TypeError('no'); return a + b; };"
        let fixtures = try [honest, honest.replacing("+", with: "-"), "process.exit(0)"].map {
            try Self.fixture($0, checker: checker, language: .javascript)
        }
        let verdicts = try await Self.verdicts(fixtures)
        #expect(verdicts.map(\.primary) == [nil, .resultMismatch, .missingExpectedTest])
    }
}
