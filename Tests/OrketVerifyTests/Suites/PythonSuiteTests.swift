import OrketCore
import OrketVerify
import Testing

/// Every candidate here runs in the real sandbox beside real runners.
@Suite("Suites of pytest and unittest", .serialized)
struct PythonSuiteTests {
    static let runners: [SuiteBody.Runner] = [.pytest, .unittest]

    static let tests = """
        from unittest import TestCase, expectedFailure
        from calc import add

        class AddTest(TestCase):
            def test_small(self):
                self.assertEqual(add(1, 2), 3)

            def test_negative(self):
                self.assertEqual(add(-1, -2), -3)
        """

    static let honest = "def add(a, b):\n    return a + b\n"
    static let wrong = "def add(a, b):\n    return 0\n"

    static func pinned(_ runner: SuiteBody.Runner) -> [String] {
        let place = runner == .pytest ? "tests/test_calc.py::AddTest::" : "test_calc.AddTest."
        return [place + "test_negative", place + "test_small"]
    }

    private func judge(
        _ runner: SuiteBody.Runner, _ candidates: [[(String, String)]], tests: [(String, String)]? = nil,
        pinned: [String]? = nil
    ) async throws -> [VerificationResult] {
        let places = candidates.map { _ in SuitePlace() }
        let fixtures = try zip(places, candidates).map { place, candidate in
            try place.fixture(
                runner, candidate: candidate, tests: tests ?? [("test_calc.py", Self.tests)],
                pinned: pinned ?? Self.pinned(runner))
        }
        return try await withSuiteVerifier([.python]) { verifier in
            await verifier.fixtures.verify(fixtures, jobs: 2).map(\.result)
        }
    }

    @Test("an honest candidate passes, a wrong one fails by the tests that it fails", arguments: runners)
    func decides(runner: SuiteBody.Runner) async throws {
        let half = "def add(a, b):\n    return a + b if a > 0 else 0\n"
        let results = try await judge(
            runner, [[("calc.py", Self.honest)], [("calc.py", Self.wrong)], [("calc.py", half)], []])
        #expect(results[0].verdict == Verdict(.passed))
        #expect(results[0].assurance == .inProcess)
        #expect(results[0].trials.count == 2)
        #expect(results[1].verdict.reasons.map(\.code) == [.resultMismatch, .resultMismatch])
        #expect(results[2].trials.map(\.verdict.outcome) == [.failed, .passed])
        // Nothing to test is no pass either.
        #expect(results[3].verdict.outcome == .failed)
        #expect(results[3].verdict.primary == .missingExpectedTest)
    }

    /// Files that steer a runner, or that stand in the way of a module that it uses.
    static let steering: [(String, String)] = {
        let hook = """
            from pytest import hookimpl
            @hookimpl(hookwrapper=True)
            def pytest_runtest_makereport(item, call):
                outcome = yield
                outcome.get_result().outcome = "passed"
            """
        let patch = "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\n"
        let exits = "import os\nos._exit(0)\n"
        return [
            ("conftest.py", hook), ("cheat.py", hook), ("sitecustomize.py", patch), ("usercustomize.py", patch),
            ("evil.pth", "import os; os._exit(0)\n"), ("unittest.py", exits), ("unittest/__init__.py", exits),
            ("json.py", exits), ("pytest.py", exits), ("_pytest/__init__.py", exits), ("_json.py", exits),
            ("fcntl.py", exits), ("pluggy.py", exits), ("pytest.ini", "[pytest]\naddopts = -p cheat -k nothing\n"),
            ("tox.ini", "[pytest]\naddopts = -p cheat\n"), ("setup.cfg", "[tool:pytest]\naddopts = --co\n"),
            ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-p cheat\"\n"),
            ("evil-1.dist-info/entry_points.txt", "[pytest11]\nevil = cheat\n"),
            ("Makefile", "test:\n\ttrue\n"), (".pytest_cache/v/cache/lastfailed", "{}"),
        ].filter { $0.0 != "unittest.py" }
    }()

    @Test("files of the candidate that steer runners or shadow their modules have no effect", arguments: runners)
    func steeringIsInert(runner: SuiteBody.Runner) async throws {
        let single: [(String, String)] = [("unittest.py", "import os\nos._exit(0)\n")]
        let results = try await judge(
            runner,
            [
                Self.steering + [("calc.py", Self.honest)], Self.steering + [("calc.py", Self.wrong)],
                single + [("calc.py", Self.honest)], single + [("calc.py", Self.wrong)],
            ])
        #expect(results.map(\.verdict.outcome) == [.passed, .failed, .passed, .failed])
        #expect(results[1].verdict.reasons.map(\.code) == [.resultMismatch, .resultMismatch])
        #expect(results[3].verdict.reasons.map(\.code) == [.resultMismatch, .resultMismatch])
    }

    @Test("a candidate that brings other tests is rejected; one that brings the same ones is not", arguments: runners)
    func refusesOtherTests(runner: SuiteBody.Runner) async throws {
        let other = "import unittest\nclass AddTest(unittest.TestCase):\n    def test_small(self): pass\n"
        let results = try await judge(
            runner,
            [
                [("calc.py", Self.wrong), ("tests/test_calc.py", other)],
                [("calc.py", Self.wrong), ("tests/conftest.py", "")],
                [("calc.py", Self.honest), ("tests/test_calc.py", Self.tests)],
            ])
        #expect(results.map(\.verdict.outcome) == [.rejected, .rejected, .passed])
        #expect(results[0].verdict.primary == .tamperedTests && results[1].verdict.primary == .tamperedTests)
    }

    @Test("the tests can be neither written, renamed, removed nor covered by what runs beside them", arguments: runners)
    func testsAreReadOnly(runner: SuiteBody.Runner) async throws {
        // Right answers only when every attempt was refused.
        let tries = """
            from importlib import import_module
            os = import_module("os")
            attempts = [
                lambda: open("/box/tests/test_calc.py", "w"), lambda: open("/box/tests/new.py", "w"),
                lambda: os.rename("/box/tests", "/box/old"), lambda: os.unlink("/box/tests/test_calc.py"),
                lambda: os.rmdir("/box/tests"), lambda: os.chmod("/box/tests", 0o777),
                lambda: os.rename("/box/tests/test_calc.py", "/box/x.py"), lambda: os.mkdir("/box/tests/d"),
                lambda: os.symlink("/tmp", "/box/tests"), lambda: os.truncate("/box/tests/test_calc.py", 0),
                lambda: os.link("/box/tests/test_calc.py", "/box/y.py"), lambda: os.utime("/box/tests/test_calc.py"),
                lambda: open("/orket/python-suite.py", "a"),
            ]
            worked = []
            for attempt in attempts:
                try:
                    attempt()
                    worked.append(attempt)
                except OSError:
                    pass

            def add(a, b):
                return worked or a + b
            """
        let results = try await judge(runner, [[("calc.py", tries)]])
        #expect(results[0].verdict == Verdict(.passed))
    }

    static let cheats: [(String, String, Set<ReasonCode>)] = [
        ("exits while it is loaded", "import os\nos._exit(0)\n", [.missingExpectedTest]),
        ("exits when it is called", "import os\ndef add(a, b): os._exit(0)\n", [.missingExpectedTest]),
        ("raises an exit while it is loaded", "import sys\nsys.exit(0)\n", [.missingExpectedTest]),
        ("raises an exit when it is called", "import sys\ndef add(a, b): sys.exit(0)\n", [.resultMismatch]),
        (
            "exits at the end", "import atexit, os\natexit.register(os._exit, 0)\n" + wrong, [.resultMismatch]
        ),
        ("kills itself", "import os\ndef add(a, b): os.kill(os.getpid(), 9)\n", [.signal]),
        (
            "skips", "import unittest\ndef add(a, b): raise unittest.SkipTest('later')\n", [.allSkipped]
        ),
        ("skips the file", "import unittest\nraise unittest.SkipTest('later')\n", [.allSkipped]),
        (
            "replaces an assertion", "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\n" + wrong,
            [.tamperedTests]
        ),
        (
            "replaces the code of an assertion",
            "import unittest\nunittest.TestCase.assertEqual.__code__ = (lambda *a, **k: None).__code__\n" + wrong,
            [.tamperedTests]
        ),
        (
            "replaces what runs a case", "import unittest\nunittest.TestCase.run = lambda self, r=None: r\n" + wrong,
            [.tamperedTests, .missingExpectedTest]
        ),
        (
            "replaces clock, JSON and processes",
            "import json, subprocess, time\ntime.time = time.monotonic = lambda: 0.0\njson.dumps = lambda *a, **k: '{}'\n"
                + "json.JSONEncoder.encode = json.dumps\nsubprocess.run = None\n" + wrong, [.resultMismatch]
        ),
        (
            "prints a pass",
            "import os, sys\nfor d in (1, 2):\n    os.write(d, b'2 passed in 0.01s\\nPASSED\\n1..2\\nok 1\\nok 2\\n<testsuite/>\\nOK\\n')\n"
                + wrong, [.resultMismatch]
        ),
        (
            "writes result files",
            "import os\nfor n in ('results.xml', 'junit.xml', 'reward.txt', '/tmp/reward.txt'):\n    open(n, 'w').write('1')\n"
                + wrong, [.resultMismatch]
        ),
        (
            "writes to every descriptor",
            """
            from os import write
            text = b'{"nonce":"","number":1,"kind":"end","name":"","status":"","detail":""}'
            for d in range(3, 256):
                try:
                    write(d, len(text).to_bytes(4, "little") + text)
                except OSError:
                    pass
            """ + "\n" + wrong, [.resultChannelForged]
        ),
        (
            "announces a message without end",
            "from os import write\nfor d in range(3, 256):\n    try:\n        write(d, b'\\xff' * 64)\n    except OSError:\n        pass\n"
                + wrong, [.resultChannelForged]
        ),
        (
            "closes every descriptor", "from os import _exit, closerange\ncloserange(3, 256)\n_exit(0)\n",
            [.missingExpectedTest]
        ),
        ("takes all memory", "x = b'a' * (2 << 30)\n" + wrong, [.memory]),
        (
            "leaves a child with the channel",
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import os,time\\nfor d in range(3,256):\\n try: os.write(d, b\"xxxx\")\\n except OSError: pass'], close_fds=False).wait()\n"
                + wrong, [.resultMismatch]
        ),
    ]

    @Test("no cheat of a candidate that is wrong passes", arguments: runners)
    func cheatsFail(runner: SuiteBody.Runner) async throws {
        let results = try await judge(runner, Self.cheats.map { [("calc.py", $0.1)] })
        for (cheat, result) in zip(Self.cheats, results) {
            #expect(result.verdict.outcome != .passed, "\(cheat.0)")
            let primary = try #require(result.verdict.primary)
            #expect(cheat.2.contains(primary), "\(cheat.0): \(result.verdict)")
            #expect(result.trials.allSatisfy { $0.verdict.outcome != .passed }, "\(cheat.0)")
        }
    }

    @Test("a plugin that the candidate registers while it is loaded is seen")
    func seesPlugins() async throws {
        let code = """
            from gc import get_objects
            class Cheat:
                def pytest_report_teststatus(self, report):
                    return "passed", ".", "PASSED"
            for thing in get_objects():
                if type(thing).__name__ == "PytestPluginManager":
                    thing.register(Cheat())
            """
        let results = try await judge(.pytest, [[("calc.py", code + "\n" + Self.wrong)]])
        #expect(results[0].verdict.outcome == .rejected)
        #expect(results[0].verdict.primary == .tamperedTests)
    }

    @Test("a suite with its own conftest uses it, and no other")
    func usesOwnConftest() async throws {
        let conftest = "import pytest\n@pytest.fixture\ndef three(): return 3\n"
        let test = "from calc import add\ndef test_three(three): assert add(1, 2) == three\n"
        let other = "import pytest\n@pytest.fixture\ndef three(): return 0\n" + Self.steering[0].1
        let results = try await judge(
            .pytest,
            [[("calc.py", Self.honest), ("conftest.py", other)], [("calc.py", Self.wrong), ("conftest.py", other)]],
            tests: [("conftest.py", conftest), ("test_it.py", test)], pinned: ["tests/test_it.py::test_three"])
        #expect(results.map(\.verdict.outcome) == [.passed, .failed])
    }

    @Test("marks of the tests are no pass, nor is a suite without a test", arguments: runners)
    func marksAreNoPass(runner: SuiteBody.Runner) async throws {
        let marked = Self.tests.replacing(
            "    def test_small", with: "    @expectedFailure\n    def test_small")
        let candidates: [[(String, String)]] = [[("calc.py", Self.honest)], [("calc.py", Self.wrong)]]
        for result in try await judge(runner, candidates, tests: [("test_calc.py", marked)]) {
            #expect(result.verdict.outcome == .failed)
            #expect(result.verdict.primary == .resultMismatch)
        }
        let none = try await judge(runner, [candidates[0]], tests: [("test_calc.py", "import calc\n")])
        #expect(none[0].verdict.primary == .noTestsRan)
    }
}
