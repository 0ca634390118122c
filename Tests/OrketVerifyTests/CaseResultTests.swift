import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Results of cases")
struct CaseResultTests {
    private static func fixture(_ cases: String, compile: Bool = false) throws -> Fixture {
        let directory = TemporaryDirectory()
        _ = directory.write("main.py", "print(1)\n")
        let text = """
            schema: 1
            id: sums
            kind: cli
            why: test
            language: python
            source: main.py
            \(compile ? "compile: [python3, -m, py_compile, main.py]" : "# nothing to compile")
            run: [python3, main.py]
            cases:
            \(cases)
            """
        return try FixtureDecoder.decode(Array(text.utf8), file: directory.path + "/fixture.yaml")
    }

    private static func report(
        _ fixture: Fixture, _ answers: @escaping @Sendable (RunRequest) -> RunResult
    ) async throws -> FixtureReport {
        let verifier = FixtureVerifier(
            sandbox: ScriptedSandbox { request, _ in answers(request) }, policies: try Records.policies(),
            drivers: try Drivers([], directory: packageRoot + "/policies/drivers"))
        return await verifier.verify([fixture], jobs: 1)[0].report
    }

    @Test("every case has its result, with the place of the first difference in a bounded piece of both sides")
    func cases() async throws {
        let long = String(repeating: "line\\n", count: 2_000)
        let fixture = try Self.fixture(
            """
              - {id: good, expected: "1"}
              - id: wrong
                stdin: "2"
                expected: "\(long)right"
              - {id: status, expected: "1", expectedExit: 4}
            """)
        let report = try await Self.report(fixture) { request in
            if case .bytes = request.stdin {
                return Results.exited(0, stdout: String(repeating: "line\n", count: 2_000) + "wrong", stderr: "warn\n")
            }
            return Results.exited(0, stdout: "1", stderr: "noise")
        }
        #expect(report.outcome == .failed && report.cases.map(\.outcome) == [.passed, .failed, .failed])
        #expect(report.cases.map(\.location.line) == [10, 11, 14])
        let wrong = report.cases[1]
        #expect(wrong.reasons.map(\.code) == [.wrongOutput])
        // Three lines before the difference.
        #expect(wrong.expected?.line == 1_998 && wrong.expected?.offset == 9_985 && wrong.expected?.column == 1)
        #expect(wrong.expected?.bytes == Array("line\nline\nline\nright".utf8))
        #expect(wrong.actual?.bytes == Array("line\nline\nline\nwrong".utf8) && wrong.actual?.totalBytes == 10_005)
        #expect(wrong.stderr?.bytes == Array("warn\n".utf8))
        #expect(report.cases[0].stderr == nil && report.cases[0].actual == nil && report.cases[0].exit == .exited(0))
        #expect(report.cases[2].actual == nil && report.cases[2].stderr != nil)
    }

    @Test("of a hidden case neither verdict, diagnostic nor excerpt tells a word")
    func hidden() async throws {
        let fixture = try Self.fixture("  - {id: secret, stdin: \"canary\", expected: \"canary\", hidden: true}")
        let report = try await Self.report(fixture) { _ in
            var result = Results.exited(1, stdout: "canary?", stderr: "canary!")
            result.reasons = [Reason(.syscallDenied, "canary"), Reason(.nonzeroExit, "exit code 1")]
            return result
        }
        #expect(report.outcome == .failed && report.cases[0].isHidden)
        #expect(report.reasons.map(\.code) == [.syscallDenied, .nonzeroExit])
        #expect(report.reasons.map(\.detail) == Array(repeating: "case secret: a hidden case did not pass", count: 2))
        #expect(!"\(report)".contains("canary"))
    }

    @Test("cases that were not run are there, and are no pass")
    func notRun() async throws {
        let fixture = try Self.fixture("  - {id: one, expected: \"\"}\n  - {id: two, expected: \"\"}", compile: true)
        let unbuilt = try await Self.report(fixture) { _ in Results.exited(1, stderr: "syntax") }
        #expect(unbuilt.reasons.map(\.code) == [.compileError] && unbuilt.diagnostic?.stderr == "syntax")
        #expect(unbuilt.cases.map(\.id) == ["one", "two"] && unbuilt.cases.allSatisfy { $0.outcome == nil })
        let lost = try await Self.report(
            try Self.fixture("  - {id: one, expected: \"\"}\n  - {id: two, expected: \"\"}")
        ) { _ in
            Results.stopped(.inconclusive, .hostResource)
        }
        #expect(lost.cases.map(\.outcome) == [.inconclusive, nil])
    }

    @Test("excerpts of one fixture are bounded in number")
    func manyFailures() async throws {
        let cases = (1...40).map { "  - {id: c\($0), expected: \"x\"}" }.joined(separator: "\n")
        let report = try await Self.report(try Self.fixture(cases)) { _ in Results.exited(0, stdout: "y", stderr: "e") }
        #expect(report.cases.count == 40 && report.cases.allSatisfy { $0.outcome == .failed })
        #expect(report.cases.count { $0.actual != nil } == 20)
    }

    @Test("a piece never starts within a character, and tells its column")
    func longLine() throws {
        let line = String(repeating: "é", count: 2_000)
        let pair = try #require(
            OutputComparer.excerpts(expected: Array((line + "a").utf8), actual: Results.stream(line + "b")))
        #expect(pair.expected.offset == pair.actual.offset && pair.expected.offset >= 2_900)
        #expect(pair.expected.column == pair.expected.offset / 2 + 1 && pair.expected.offset % 2 == 0)
        #expect(String(validating: pair.expected.bytes, as: UTF8.self)?.hasSuffix("éa") == true)
    }

    @Test("'hidden' is true or false, nothing else")
    func flag() {
        let refused = #expect(throws: InvalidInput.self) {
            try Self.fixture("  - {id: a, expected: x, hidden: \"yes\"}")
        }
        #expect(refused?.findings.map(\.message) == ["'hidden' must be true or false"])
    }
}
