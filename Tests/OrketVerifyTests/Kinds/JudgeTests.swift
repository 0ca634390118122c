import OrketCore
import OrketVerify
import Testing

/// A judge and its candidates, in the real sandbox.
@Suite("Fixtures of kind judge", .serialized)
struct JudgeTests {
    private static let judge = """
        from sys import exit
        try:
            n = int(open("input").read())
            a, b = [int(word) for word in open("output").read().split()]
            limit = int(open("answer").read())
        except ValueError:
            print("two whole numbers are wanted")
            exit(1)
        if a * b != n or min(a, b) < 2 or max(a, b) > limit:
            print("\\x1b[2Jno such factors:", a, b)
            exit(1)

        """

    private static func yaml(wall: String = "20s", hidden: Bool = false, judge: String = "judge.py") -> String {
        """
        schema: 1
        id: factors
        kind: judge
        why: any two factors will do
        language: python
        source: candidate.py
        run: [python3, candidate.py]
        limits: {wall: \(wall), output: 1MiB}
        judge:
          language: python
          source: \(judge)
          run: [python3, -S, \(judge)]
        cases:
          - {id: fifteen, stdin: "15", answer: "5"}
          - {id: large, stdin: "1022117", answer: "1013", hidden: \(hidden)}

        """
    }

    @Test("honest candidates pass, wrong and hostile ones fail for what they did", .timeLimit(.minutes(20)))
    func candidates() async throws {
        let wanted = [
            Wanted(
                "smaller first", .passed,
                "n = int(input())\na = next(a for a in range(2, n) if n % a == 0)\nprint(a, n // a)"),
            Wanted(
                "larger first", .passed,
                "n = int(input())\na = next(a for a in range(2, n) if n % a == 0)\nprint(n // a, a)"),
            Wanted("wrong", .failed, .wrongOutput, "\\u001b[2Jno such factors: 1 15", "print(1, int(input()))"),
            Wanted("claims", .failed, .wrongOutput, "two whole numbers", "print('accepted')\nprint('exit 0')"),
            Wanted("looks for the answer", .failed, .nonzeroExit, "exit status 1", "print(open('answer').read())"),
            Wanted(
                "looks for the judge", .failed, .nonzeroExit, "exit status 7",
                "import os, sys\nsys.exit(7 if 'judge.py' not in os.listdir() else 0)"),
            Wanted(
                "lays a judge beside itself", .failed, .wrongOutput, "",
                "open('judge.py', 'w').write('raise SystemExit(0)')\nopen('output', 'w').write('3 5')\nprint('x')"),
            Wanted("floods", .failed, .outputLimit, "", "while True: print('3 5' * 1000)"),
            Wanted("hangs", .failed, .wallTime, "", "import time\ntime.sleep(99)"),
            Wanted("kills itself", .failed, .signal, "", "import os\nprint(3, 5, flush=True)\nos.kill(os.getpid(), 9)"),
        ]
        try await KindBench.run([.python]) { bench in
            for item in wanted {
                item.check(
                    try await bench.judge(
                        Self.yaml(wall: item.wall), ["judge.py": Self.judge, "candidate.py": item.source]))
            }
        }
    }

    @Test("a judge that gives no verdict makes it inconclusive, whatever the candidate wrote", .timeLimit(.minutes(20)))
    func brokenJudges() async throws {
        let honest = "n = int(input())\na = next(a for a in range(2, n) if n % a == 0)\nprint(a, n // a)"
        let judges = [
            Wanted("other status", .inconclusive, .unprovenFixture, "exit code 3", "raise SystemExit(3)"),
            Wanted("killed", .inconclusive, .unprovenFixture, "SIGKILL", "import os\nos.kill(os.getpid(), 9)"),
            Wanted(
                "does not start", .inconclusive, .unprovenFixture, "exit code 2",
                "import os\nos.execvp('python3', ['python3', 'absent.py'])"),
        ]
        try await KindBench.run([.python]) { bench in
            for item in judges {
                item.check(try await bench.judge(Self.yaml(), ["judge.py": item.source, "candidate.py": honest]))
            }
        }
    }

    @Test("of a hidden case not even the judge's word is told")
    func hidden() async throws {
        let candidate = "n = int(input())\nprint(3, 5) if n == 15 else print('SECRET', n)"
        try await KindBench.run([.python]) { bench in
            let report = try await bench.judge(
                Self.yaml(hidden: true), ["judge.py": Self.judge, "candidate.py": candidate])
            #expect(report.cases.map(\.outcome) == [.passed, .failed])
            #expect(report.reasons == [Reason(.wrongOutput, "case large: a hidden case did not pass")])
            #expect(report.assurance == .blackbox)
        }
    }

    @Test("every defect is found at once, with its place")
    func findings() {
        let found = refusals(
            """
            schema: 1
            id: x
            kind: judge
            why: w
            language: python
            source: c.py
            run: [python3, c.py]
            interactive: "yes"
            judge:
              language: cobol
              source: answer
              run: python3
              zzz: 1
            cases:
              - {id: a, stdin: "1", stdinFile: x}
              - {id: a, answer: 5}
            """, ["c.py": "", "answer": ""])
        #expect(found.count == 7, "\(found)")
        #expect(found.contains("8:14 'interactive' must be true or false") || found.contains { $0.hasPrefix("8:") })
        #expect(found.contains { $0.hasPrefix("10:") && $0.contains("cobol") })
        #expect(found.contains { $0.hasPrefix("11:") && $0.contains("cannot be called 'answer'") })
        #expect(found.contains { $0.hasPrefix("12:") && $0.contains("must be a list") })
        #expect(found.contains { $0.hasPrefix("13:") && $0.contains("unknown key 'zzz'") })
        #expect(found.contains { $0.hasPrefix("15:") && $0.contains("not both") })
        #expect(found.contains { $0.hasPrefix("16:") && $0.contains("put quotes around") })
    }
}
