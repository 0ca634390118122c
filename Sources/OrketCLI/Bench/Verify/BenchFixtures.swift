/// The fixtures that are measured: small honest programs, such as a team has dozens of.
enum BenchFixtures {
    typealias Files = [(name: String, text: String)]

    /// A Python function with so many cases.
    static func functionCases(_ count: Int) -> Files {
        let cases = (0..<count).map { "  - {id: c\($0), args: [\($0), [1, 2, \($0)]], expected: \(2 * $0 + 3)}\n" }
        return [
            ("fixture.yaml", functionText("bench-cases", cases.joined())),
            ("candidate.py", "def total(start, rest):\n    return start + sum(rest)\n"),
        ]
    }

    private static func functionText(_ id: String, _ cases: String) -> String {
        """
        schema: 1
        id: \(id)
        kind: function
        why: measured
        language: python
        source: candidate.py
        entry: total
        limits: {wall: 60s}
        cases:
        \(cases)
        """
    }

    /// Ten each of five sorts.
    static var mixed: [(name: String, files: Files)] {
        (0..<10).flatMap { number in
            [
                ("function-\(number)", function(number)), ("check-\(number)", check(number)),
                ("python-\(number)", python(number)), ("javascript-\(number)", javascript(number)),
                ("c-\(number)", c(number)),
            ]
        }
    }

    private static func function(_ number: Int) -> Files {
        let cases = (0..<20).map { "  - {id: c\($0), args: [\($0), [\(number)]], expected: \($0 + number)}\n" }
        return [
            ("fixture.yaml", functionText("function-\(number)", cases.joined())),
            ("candidate.py", "def total(start, rest):\n    return start + sum(rest)\n"),
        ]
    }

    private static func check(_ number: Int) -> Files {
        [
            (
                "fixture.yaml",
                """
                schema: 1
                id: check-\(number)
                kind: check
                why: measured
                language: python
                source: candidate.py
                checker: check.py
                style: function
                function: check
                module: candidate
                entries: [primes]
                limits: {wall: 60s}

                """
            ),
            (
                "candidate.py",
                """
                def primes(limit):
                    return [n for n in range(2, limit) if all(n % d for d in range(2, n))]

                """
            ),
            (
                "check.py",
                """
                def check(primes):
                    assert primes(12) == [2, 3, 5, 7, 11]
                    assert len(primes(\(1_000 + number))) >= 168

                """
            ),
        ]
    }

    private static func cli(
        _ id: String, _ language: String, source: String, compile: String = "", run: String
    ) -> String {
        """
        schema: 1
        id: \(id)
        kind: cli
        why: measured
        language: \(language)
        source: \(source)
        \(compile)run: [\(run)]
        limits: {wall: 60s}
        cases:
          - {id: small, stdin: "1\\n2\\n3\\n", expected: "6\\n"}
          - {id: negative, stdin: "-5\\n12\\n-20\\n", expected: "-13\\n"}
          - {id: one, stdin: "7\\n", expected: "7\\n"}

        """
    }

    private static func python(_ number: Int) -> Files {
        [
            ("fixture.yaml", cli("python-\(number)", "python", source: "sum.py", run: "python3, sum.py")),
            ("sum.py", "import sys\n\nprint(sum(int(line) for line in sys.stdin))\n"),
        ]
    }

    private static func javascript(_ number: Int) -> Files {
        [
            ("fixture.yaml", cli("javascript-\(number)", "javascript", source: "sum.js", run: "node, sum.js")),
            (
                "sum.js",
                """
                const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n");
                console.log(lines.reduce((sum, line) => sum + Number(line), 0));

                """
            ),
        ]
    }

    private static func c(_ number: Int) -> Files {
        [
            (
                "fixture.yaml",
                cli(
                    "c-\(number)", "c", source: "sum.c", compile: "compile: [gcc, -O1, sum.c, -o, sum]\n",
                    run: "./sum")
            ),
            (
                "sum.c",
                """
                #include <stdio.h>

                /* \(number) */
                int main(void)
                {
                    long sum = 0, next;

                    while (scanf("%ld", &next) == 1)
                        sum += next;
                    printf("%ld\\n", sum);
                    return 0;
                }

                """
            ),
        ]
    }
}
