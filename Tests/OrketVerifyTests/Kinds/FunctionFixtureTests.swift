import OrketCore
import OrketSandbox
import OrketTestSupport
import Testing

@testable import OrketVerify

/// Real candidates in real sandboxes: each hostile call is followed by an honest one, which must not notice.
@Suite("Function fixtures", .serialized)
struct FunctionFixtureTests {
    private static let python = """
        pass; import os, sys, time, threading
        def f(n):
            return ACTIONS[n]() if n in ACTIONS else n + 1
        class Always(int):
            def __eq__(self, other): return True
            def __hash__(self): return 1
        def leave_daemon():
            if os.fork() == 0:
                os.setsid()
                while True:
                    try: os.kill(-1, 19)
                    except OSError: pass
            time.sleep(60)
        def steal_channel():
            parent = os.getppid()
            got = []
            for path in ("mem", "fd/3", "environ", "maps"):
                try: open("/proc/%d/%s" % (parent, path), "rb").read(10); got.append(path)
                except OSError: pass
            return got
        def nested():
            value = []
            for _ in range(100): value = [value]
            return value
        def cycle():
            value = []
            value.append(value)
            return value
        def print_more():
            while True: os.write(1, b"x" * 65536)
        def forge(text):
            os.write(3, text)
            os._exit(0)
        def start_thread():
            threading.Thread(target=time.sleep, args=(60,)).start()
            return 1
        def no_descriptors():
            os.closerange(0, 64)
            return 1
        def bomb():
            while True:
                try: os.fork()
                except OSError: pass
        ACTIONS = {
            -1: lambda: os._exit(0), -2: lambda: os._exit(3), -3: lambda: os.kill(os.getpid(), 11),
            -4: lambda: os.kill(os.getppid(), 9) or time.sleep(9), -5: lambda: os.kill(-1, 9), -6: leave_daemon,
            -7: lambda: time.sleep(60), -8: lambda: sum(iter(int, 1)), -9: print_more, -10: lambda: Always(1),
            -11: lambda: float("nan"), -12: lambda: forge(b'{"value": 1}{"value": 1}'), -13: lambda: forge(b"\\xff"),
            -14: lambda: forge(b'{"value": {"float": "1", "int": "1"}}'), -15: nested, -16: cycle, -17: steal_channel,
            -18: lambda: "x" * (3 << 20), -19: start_thread, -20: no_descriptors, -21: lambda: sys.exit(0),
            -22: lambda: os.kill(os.getppid(), 19) or time.sleep(9), -23: bomb, -24: lambda: "\\ud800",
            -25: lambda: bytearray(2 << 30) and 1,
        }
        """

    private static func fixture(
        _ calls: [(id: String, argument: String, expected: String)], source: String = python,
        language: Language = .python, limits: String = "{wall: 4s, cpu: 1s, output: 1MiB, pids: 32, memory: 256MiB}"
    ) throws -> Fixture {
        let directory = TemporaryDirectory()
        let name = language == .python ? "candidate.py" : "candidate.js"
        _ = directory.write(name, source)
        let cases = calls.map { "  - {id: \($0.id), args: [\($0.argument)], \($0.expected)}" }.joined(separator: "\n")
        let text = """
            schema: 1
            id: calls
            kind: function
            why: test
            language: \(language.rawValue)
            source: \(name)
            entry: f
            limits: \(limits)
            cases:
            \(cases)
            """
        return try FixtureDecoder.decode(Array(text.utf8), file: directory.path + "/fixture.yaml")
    }

    private static func verify(_ fixture: Fixture) async throws -> FixtureReport {
        let verifier = try await RealVerifier([fixture.language])
        let report = await verifier.fixtures.verify(fixture).report
        await verifier.shutdown()
        return report
    }

    /// What each hostile call must end as; nil passes.
    private static let endings: [(argument: Int, expected: String, reason: ReasonCode?)] = [
        (-1, "expected: 1", .missingExpectedTest), (-2, "expected: 1", .nonzeroExit), (-3, "expected: 1", .signal),
        (-4, "expected: 1", .signal), (-5, "expected: 1", .signal), (-6, "expected: 1", .wallTime),
        (-7, "expected: 1", .wallTime), (-8, "expected: 1", .cpuTime), (-9, "expected: 1", .outputLimit),
        (-10, "expected: 1", .resultMismatch), (-11, "expected: 1.0", .resultMismatch),
        (-12, "expected: 1", .resultChannelForged), (-13, "expected: 1", .resultChannelForged),
        (-14, "expected: 1", .resultChannelForged), (-15, "expected: 1", .resultMismatch),
        (-16, "expected: 1", .resultMismatch), (-17, "expected: []", nil), (-18, "expected: x", .resultMismatch),
        (-19, "expected: 1", nil), (-20, "expected: 1", .nonzeroExit), (-21, "raises: SystemExit", nil),
        (-22, "expected: 1", .wallTime), (-23, "expected: 1", .wallTime), (-24, "expected: 1", .resultMismatch),
        (-25, "expected: 1", .memory),
    ]

    @Test("a hostile call is its own case's result, and the call after it never notices", .timeLimit(.minutes(20)))
    func hostile() async throws {
        // What ends by the wall clock ends soon; all else has time enough to end by its own limit on a loaded host.
        let (slow, others) = (
            Self.endings.filter { $0.reason == .wallTime }, Self.endings.filter { $0.reason != .wallTime }
        )
        for (endings, wall, outcome) in [(slow, "4s", Outcome.failed), (others, "100s", .rejected)] {
            let calls = endings.flatMap { ending in
                [
                    ("hostile\(ending.argument)", "\(ending.argument)", ending.expected),
                    ("after\(ending.argument)", "41", "expected: 42"),
                ]
            }
            let limits = "{wall: \(wall), cpu: 1s, output: 1MiB, pids: 32, memory: 256MiB}"
            let report = try await Self.verify(try Self.fixture(calls, limits: limits))
            try #require(report.cases.count == calls.count)
            for (index, ending) in endings.enumerated() {
                let (hostile, after) = (report.cases[2 * index], report.cases[2 * index + 1])
                #expect(hostile.reasons.first?.code == ending.reason, "\(hostile.id): \(hostile.reasons)")
                #expect(after.outcome == .passed, "\(after.id): \(after.reasons)")
            }
            #expect(report.assurance == .split && report.outcome == outcome)
        }
    }

    @Test("without its guard the driver can be read by the candidate: the guard is what holds")
    func control() async throws {
        let fixture = try Self.fixture([("steals", "-17", "expected: []")])
        let store = try PolicyStore.locate()
        let directory = try DriverCopies.changed(
            "python_cases.py", "prctl(4, 0, 0, 0, 0) != 0", to: "prctl(4, 1, 0, 0, 0) != 0", from: store)
        let supervisor = try await Supervisor()
        let policies = try ToolchainPolicies([.python]) { name throws(InvalidInput) in try store.load(name) }
        let verifier = FixtureVerifier(
            sandbox: supervisor, policies: policies, drivers: try Drivers([.python], directory: directory.path))
        let report = await verifier.verify(fixture).report
        await supervisor.shutdown()
        #expect(report.cases[0].reasons.map(\.code) == [.resultMismatch], "\(report.cases[0].reasons)")
    }

    @Test("a candidate that does not compile, or lacks the entry, fails every case in one sandbox")
    func unloadable() async throws {
        let calls = [("one", "1", "expected: 2"), ("two", "2", "expected: 3")]
        let broken = try await Self.verify(try Self.fixture(calls, source: "def f(:\n"))
        #expect(broken.cases.map { $0.reasons.map(\.code) } == [[.nonzeroExit], [.nonzeroExit]])
        let empty = try await Self.verify(try Self.fixture(calls, source: ""))
        #expect(empty.cases.map { $0.reasons.map(\.code) } == [[.artifactMissing], [.artifactMissing]])
    }

    @Test("each case starts from the same state, with the same random numbers")
    func fresh() async throws {
        let source = """
            pass; import random
            count = 0
            def f(n):
                global count
                count += 1
                return [count, random.random() == random.Random(0).random()]
            """
        let calls = (0..<3).map { ("call\($0)", "\($0)", "expected: [1, true]") }
        #expect(try await Self.verify(try Self.fixture(calls, source: source)).outcome == .passed)
    }

    @Test("JavaScript: values, exceptions, promises, and ends, each in a sandbox of its own", .timeLimit(.minutes(20)))
    func javascript() async throws {
        let source = """
            async function f(x) {
              switch (x) {
                case -1: throw new RangeError("low");
                case -2: process.exit(0);
                case -3: for (;;);
                case -4: return new Promise(() => {});
                case -5: require("fs").writeSync(3, Buffer.from([5, 0, 0, 0, 1, 2, 3, 4, 5])); return 1;
                case -6: return () => 1;
                case -7: return -0;
                case -8: return { a: [undefined, null], b: new Map([[1, "x"]]) };
                default: return x + 1;
              }
            }
            """
        let rows: [(String, String, ReasonCode?)] = [
            ("1", "expected: 2", nil), ("1.5", "expected: 2.5", nil), ("-1", "raises: RangeError", nil),
            ("-1", "raises: Error", nil), ("-2", "expected: 1", .missingExpectedTest), ("-3", "expected: 1", .wallTime),
            ("-4", "expected: 1", .missingExpectedTest), ("-5", "expected: 1", .resultChannelForged),
            ("-6", "expected: 1", .resultMismatch), ("-7", "expected: 0", .resultMismatch),
            ("-8", "expected: {a: [!undefined '', null], b: {1: x}}", nil),
        ]
        let calls = rows.enumerated().map { ("row\($0.offset)", $0.element.0, $0.element.1) }
        let report = try await Self.verify(
            try Self.fixture(calls, source: source, language: .javascript, limits: "{wall: 3s}"))
        for (item, row) in zip(report.cases, rows) {
            #expect(item.reasons.first?.code == row.2, "\(row.0): \(item.reasons)")
        }
        #expect(report.cases.count == rows.count)
    }
}
