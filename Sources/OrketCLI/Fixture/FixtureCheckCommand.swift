package import ArgumentParser
import OrketCore
import OrketSandbox
import OrketVerify
import Synchronization

/// `orket fixture check PATH...`: what makes fixtures weaker than they look.
package struct FixtureCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for what makes fixtures weaker than they look.",
        discussion: """
            One finding a line: FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE].

            Exit status: 0 no error, 1 errors (with --strict also warnings), 2 bad usage, or a fixture that cannot be read, \
            3 inconclusive, 130 interrupted.
            """)

    @Argument(help: "Fixture directories, directories with fixtures below them, or fixture files.")
    var paths: [String]

    @Flag(help: "Also run each reference twice, in the sandbox, and compare.")
    var run = false

    @Flag(help: "Warnings count as errors.")
    var strict = false

    @Flag(help: "Print one JSON object (schema orket.check/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks; ends with the exit code of the contract.
    package func run() async throws {
        let status: Int32
        do throws(InvalidInput) {
            status = try await check()
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func check() async throws(InvalidInput) -> Int32 {
        let fixtures = try FixtureReading.read(paths, source: .optional)
        var texts: [String] = []
        for fixture in fixtures {
            texts.append(String(decoding: try HostFile.contents(fixture.file, maximumBytes: 1 << 20), as: UTF8.self))
        }
        var findings = zip(fixtures, texts).map { FixtureLint.findings($0, text: $1) }
        if run {
            let (status, more) = try await Self.running(fixtures, texts)
            if status != 0 { return status }
            for (index, list) in more.enumerated() { findings[index] += list }
        }
        let all = findings.flatMap { $0 }
        if json {
            Console.result(Self.json(all, fixtures: fixtures.count).text + "\n")
        } else {
            for finding in all {
                Console.result(TerminalText.escape(finding.description, maximumCharacters: 1_000) + "\n")
            }
        }
        return all.contains { strict || $0.severity == .error } ? 1 : 0
    }

    private static func running(
        _ fixtures: [Fixture], _ texts: [String]
    ) async throws(InvalidInput) -> (Int32, [[LintFinding]]) {
        let found = FindingBox()
        let status = try await SandboxSession.verify(Set(fixtures.flatMap(\.languages))) { parts in
            let verifier = parts.fixtureVerifier()
            for (fixture, text) in zip(fixtures, texts) where !Task.isCancelled {
                found.add(await ReferenceLint.findings(fixture, text: text, verifier))
            }
            await verifier.shutdown()
            return .success(0)
        }
        return (status, found.all)
    }

    /// `orket.check/1` (docs/formats/check.schema.json).
    private static func json(_ findings: [LintFinding], fixtures: Int) -> JSONValue {
        .record([
            "schema": .string("orket.check/1"), "fixtures": .integer(Int64(fixtures)),
            "errors": .integer(Int64(findings.count { $0.severity == .error })),
            "warnings": .integer(Int64(findings.count { $0.severity == .warning })),
            "findings": .array(
                findings.map {
                    .record([
                        "file": .string($0.file), "line": .integer(Int64($0.line)),
                        "column": .integer(Int64($0.column)),
                        "severity": .string($0.severity.rawValue), "rule": .string($0.rule.rawValue),
                        "message": .string($0.message),
                    ])
                }),
        ])
    }

    /// Carries the findings out of the supervisor's session.
    private final class FindingBox: Sendable {
        private let stored = Mutex<[[LintFinding]]>([])

        var all: [[LintFinding]] { stored.withLock { $0 } }

        func add(_ findings: [LintFinding]) { stored.withLock { $0.append(findings) } }
    }
}
