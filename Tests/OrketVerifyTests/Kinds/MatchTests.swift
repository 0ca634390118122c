import OrketCore
import OrketVerify
import Testing

/// Candidate and judge that talk to each other, each in its own real sandbox.
@Suite("Matches of candidate and judge", .serialized)
struct MatchTests {
    /// Thinks of a number; the candidate has ten guesses.
    private static let judge = """
        from sys import exit, stderr, stdin
        secret = int(open("answer").read())
        for number in range(10):
            line = stdin.readline()
            if not line.strip().isdigit():
                print("no guess:", line[:20], file=stderr)
                exit(1)
            guess = int(line)
            print("lower" if guess > secret else "higher" if guess < secret else "right", flush=True)
            if guess == secret:
                exit(0)
        print("ten guesses were not enough", file=stderr)
        exit(1)

        """
    private static let honest = """
        low, high = 1, 100
        while True:
            middle = (low + high) // 2
            print(middle, flush=True)
            answer = input()
            if answer == "right":
                break
            low, high = (low, middle - 1) if answer == "lower" else (middle + 1, high)

        """

    private static func yaml(wall: String = "20s") -> String {
        """
        schema: 1
        id: guess
        kind: judge
        why: a game
        language: python
        source: candidate.py
        run: [python3, candidate.py]
        limits: {wall: \(wall), output: 1MiB}
        interactive: true
        judge:
          language: python
          source: judge.py
          run: [python3, -S, judge.py]
        cases:
          - {id: one, answer: "42"}

        """
    }

    @Test("an honest player passes, every other fails for what it did", .timeLimit(.minutes(20)))
    func players() async throws {
        let wanted = [
            Wanted("honest", .passed, Self.honest),
            Wanted(
                "always the same", .failed, .wrongOutput, "ten guesses",
                "while True:\n    print(1, flush=True)\n    input()"),
            Wanted("ends early", .failed, .wrongOutput, "no guess:", "print(50, flush=True)\ninput()"),
            Wanted(
                "does not flush, so both wait", .failed, .wallTime, "",
                "import sys\nsys.stdout.write('50\\n')\nsys.stdin.readline()"),
            Wanted("half a line, so both wait", .failed, .wallTime, "", "print(5, end='', flush=True)\ninput()"),
            Wanted("hangs", .failed, .wallTime, "", "import time\ntime.sleep(99)"),
            Wanted("burns", .failed, .wallTime, "", "while True: pass"),
            Wanted("floods", .failed, .outputLimit, "", "while True: print('1' * 70000, end='')"),
            Wanted("crashes", .failed, .nonzeroExit, "exit status 9", "import os\nprint(50, flush=True)\nos._exit(9)"),
            Wanted("claims", .failed, .wrongOutput, "no guess: right", "print('right', flush=True)\ninput()"),
            Wanted(
                "closes its stdout and stays", .failed, .wrongOutput, "no guess",
                "import os, time\nos.close(1)\ntime.sleep(99)"),
            Wanted("wins and does not end", .failed, .wallTime, "", Self.honest + "import time\ntime.sleep(99)\n"),
        ]
        try await KindBench.run([.python]) { bench in
            for item in wanted {
                item.check(
                    try await bench.judge(
                        Self.yaml(wall: item.wall), ["judge.py": Self.judge, "candidate.py": item.source]))
            }
        }
    }

    @Test("what the judge does wrong is never the candidate's", .timeLimit(.minutes(20)))
    func judges() async throws {
        let wanted = [
            Wanted("hangs", .inconclusive, .unprovenFixture, "went on", "import time\ntime.sleep(99)"),
            Wanted("ends with another status", .inconclusive, .unprovenFixture, "exit code 4", "raise SystemExit(4)"),
            Wanted("floods", .inconclusive, .unprovenFixture, "wrote more than", "while True: print('1' * 70000)"),
        ]
        try await KindBench.run([.python]) { bench in
            for item in wanted {
                item.check(
                    try await bench.judge(
                        Self.yaml(wall: "3s"), ["judge.py": item.source, "candidate.py": Self.honest]))
            }
        }
    }

    @Test("much is said at once by both sides, and every byte arrives", .timeLimit(.minutes(20)))
    func bulk() async throws {
        let judge = """
            from sys import exit, stdin, stdout
            stdout.write("x" * 600000 + "\\n"); stdout.flush()
            got = stdin.readline()
            exit(0 if got == "y" * 700000 + "\\n" else 1)
            """
        let candidate = """
            from sys import exit, stdin, stdout
            stdout.write("y" * 700000 + "\\n"); stdout.flush()
            exit(0 if stdin.readline() == "x" * 600000 + "\\n" else 5)
            """
        try await KindBench.run([.python]) { bench in
            let report = try await bench.judge(Self.yaml(), ["judge.py": judge, "candidate.py": candidate])
            #expect(report.outcome == .passed, "\(report.reasons)")
        }
    }
}
