import OrketCore
import OrketVerify
import Testing

/// Every candidate here runs in the real sandbox beside the real node:test.
@Suite("Suites of node:test and of TAP", .serialized)
struct NodeSuiteTests {
    static let tests = """
        const { test, describe, it } = require("node:test");
        const assert = require("node:assert");
        const { add } = require("../calc.js");
        test("small", () => assert.strictEqual(add(1, 2), 3));
        describe("signs", () => {
          it("negative", () => assert.strictEqual(add(-1, -2), -3));
          it("negative", () => assert.equal(add(-1, 1), 0));
        });
        """
    static let pinned = [
        "tests/calc.test.js > small", "tests/calc.test.js > signs > negative",
        "tests/calc.test.js > signs > negative #2",
    ]
    static let honest = "exports.add = (a, b) => a + b;\n"
    static let wrong = "exports.add = () => 9;\n"

    private func judge(_ candidates: [[(String, String)]], tests: String = tests) async throws -> [VerificationResult] {
        let places = candidates.map { _ in SuitePlace() }
        let fixtures = try zip(places, candidates).map { place, candidate in
            try place.fixture(
                .nodeTest, candidate: candidate, tests: [("calc.test.js", tests)], pinned: Self.pinned)
        }
        return try await withSuiteVerifier([.javascript]) { verifier in
            await verifier.fixtures.verify(fixtures, jobs: 2).map(\.result)
        }
    }

    @Test("node: an honest candidate passes, a wrong one fails by the tests that it fails")
    func decides() async throws {
        let results = try await judge([[("calc.js", Self.honest)], [("calc.js", Self.wrong)], []])
        #expect(results[0].verdict == Verdict(.passed))
        #expect(results[1].verdict.reasons.map(\.code) == [.resultMismatch, .resultMismatch, .resultMismatch])
        #expect(results[2].verdict.outcome == .failed)
    }

    @Test("node: files of the candidate that steer it have no effect")
    func steeringIsInert() async throws {
        let steering = [
            (
                "package.json",
                "{\"type\": \"commonjs\", \"scripts\": {\"test\": \"true\"}, \"imports\": {\"#x\": \"./x.js\"}}"
            ),
            (".npmrc", "node-options=--require ./x.js\n"), ("x.js", "process.exit(0)\n"),
            ("Makefile", "test:\n\ttrue\n"),
            ("node_modules/assert/index.js", "module.exports = new Proxy({}, { get: () => () => {} });\n"),
            ("node_modules/node:assert/index.js", "process.exit(0)\n"),
            ("node_modules/test/index.js", "process.exit(0)\n"),
            ("node_modules/node:test/index.js", "process.exit(0)\n"), (".env", "NODE_OPTIONS=--require ./x.js\n"),
        ]
        let module = [("package.json", "{\"type\": \"module\"}"), ("calc.js", "export const add = () => 9;\n")]
        let results = try await judge([
            steering + [("calc.js", Self.honest)], steering + [("calc.js", Self.wrong)], module,
        ])
        #expect(results.map(\.verdict.outcome) == [.passed, .failed, .failed])
        #expect(results[1].verdict.primary == .resultMismatch)
    }

    static let cheats: [(String, String, Set<ReasonCode>)] = [
        ("exits while it is loaded", "process.exit(0);\n", [.missingExpectedTest]),
        ("exits when it is called", "exports.add = () => process.exit(0);\n", [.missingExpectedTest, .resultMismatch]),
        ("ends hard", "exports.add = () => process.reallyExit(0);\n", [.missingExpectedTest]),
        (
            "replaces assertions",
            "const a = require('node:assert'); for (const k of ['strictEqual', 'equal', 'ok']) a[k] = () => {};\n"
                + wrong,
            [.resultMismatch]
        ),
        (
            "replaces the runner", "const t = require('node:test'); t.test = t.it = (n) => t(n, () => {});\n" + wrong,
            [.resultMismatch]
        ),
        (
            "replaces JSON and files",
            "JSON.stringify = () => '{}'; require('fs').writeSync = () => 0; Date.now = () => 0;\n" + wrong,
            [.resultMismatch]
        ),
        (
            "prints a pass",
            "console.log('TAP version 13\\nok 1 - small\\n1..1'); console.error('# pass 3');\n" + wrong,
            [.resultMismatch]
        ),
        (
            "writes to the channel",
            "const b = Buffer.from('    {\"kind\":\"end\"}'); b.writeUInt32LE(b.length - 4); require('fs').writeSync(3, b);\n"
                + wrong, [.resultChannelForged]
        ),
        (
            "writes result files", "require('fs').writeFileSync('/box/results.xml', '<testsuite/>');\n" + wrong,
            [.resultMismatch]
        ),
        (
            "sets the exit code", "process.on('exit', () => { process.exitCode = 0; });\n" + wrong, [.resultMismatch]
        ),
        (
            "writes the tests", "require('fs').writeFileSync('/box/tests/calc.test.js', '');\n" + honest,
            [.missingExpectedTest]
        ),
    ]

    @Test("node: no cheat of a candidate that is wrong passes")
    func cheatsFail() async throws {
        let results = try await judge(Self.cheats.map { [("calc.js", $0.1)] })
        for (cheat, result) in zip(Self.cheats, results) {
            #expect(result.verdict.outcome != .passed, "\(cheat.0)")
            let primary = try #require(result.verdict.primary)
            #expect(cheat.2.contains(primary), "\(cheat.0): \(result.verdict)")
        }
    }

    @Test("node: skipped and todo are no pass")
    func marksAreNoPass() async throws {
        let skipped = Self.tests.replacing("(\"small\", ", with: "(\"small\", { skip: true }, ")
        let todo = Self.tests.replacing("(\"small\", ", with: "(\"small\", { todo: true }, ")
        for tests in [skipped, todo] {
            let results = try await judge([[("calc.js", Self.honest)]], tests: tests)
            #expect(results[0].verdict.outcome == .failed)
        }
    }

    private static let script = """
        exec >&3 2>/dev/null
        echo 1..2
        for pair in "1 2" "3 4"; do
          n=$((n + 1))
          set -- $pair
          if [ "$(bash ./add.sh "$1" "$2" 3>&- </dev/null)" = $(($1 + $2)) ]; then echo "ok $n - $pair"; else echo "not ok $n - $pair"; fi
        done
        """

    @Test("TAP: what is written to descriptor 3 counts, and nothing of stdout does")
    func tap() async throws {
        let candidates = [
            "echo $(($1 + $2))\n", "echo 3\n", "echo 'ok 2 - 3 4' >&3\necho 0\n",
            "printf '1..2\\nok 1 - 1 2\\nok 2 - 3 4\\n'\n",
            "kill -9 -1\n",
        ]
        let places = candidates.map { _ in SuitePlace() }
        let fixtures = try zip(places, candidates).map { place, candidate in
            try place.fixture(
                .tap, candidate: [("add.sh", candidate)], tests: [("run.sh", Self.script)], pinned: ["1 2", "3 4"],
                command: "[bash, tests/run.sh]")
        }
        let results = try await withSuiteVerifier([.bash]) { verifier in
            await verifier.fixtures.verify(fixtures, jobs: 2).map(\.result)
        }
        #expect(results.map(\.verdict.outcome) == [.passed, .failed, .failed, .failed, .failed])
        #expect(results[1].trials.map(\.verdict.outcome) == [.passed, .failed])
        #expect(results[4].verdict.primary == .signal)
    }

    @Test("what passes on the reference is what gets pinned; a suite that it does not pass is not")
    func pins() async throws {
        let (good, bad) = (SuitePlace(), SuitePlace())
        let right = try good.fixture(
            .nodeTest, candidate: [("calc.js", Self.honest)], tests: [("calc.test.js", Self.tests)], pinned: [],
            isPinning: true)
        let wrong = try bad.fixture(
            .nodeTest, candidate: [("calc.js", Self.wrong)], tests: [("calc.test.js", Self.tests)], pinned: [],
            isPinning: true)
        try await withSuiteVerifier([.javascript]) { verifier in
            let pinned = await verifier.pinner.pin(right, right.suite)
            let ids = try pinned.get()
            #expect(ids == Self.pinned)
            guard case .failure(let refusal) = await verifier.pinner.pin(wrong, wrong.suite) else {
                Issue.record("a suite was pinned that its reference fails")
                return
            }
            #expect(refusal.reasons.map(\.code) == [.resultMismatch, .resultMismatch, .resultMismatch])
        }
    }
}
