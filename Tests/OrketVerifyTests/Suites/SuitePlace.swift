import Glibc
import OrketCore
import OrketSystem
import OrketTestSupport
import OrketVerify

/// A fixture of kind `suite` on disk, with its tests and its candidate; gone after the test.
final class SuitePlace {
    private let root = TemporaryDirectory()

    var path: String { root.path }

    func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        try Files.makeDirectories(String(file[..<file.lastIndex(of: "/")!]))
        try Files.publish(file, Array(text.utf8), mode: 0o644, replaces: true)
    }

    /// The fixture with these files: the candidate's, and the tests'.
    func fixture(
        _ runner: SuiteBody.Runner, candidate: [(String, String)], tests: [(String, String)], pinned: [String],
        command: String = "", keys: String = "", isPinning: Bool = false
    ) throws -> Fixture {
        try Files.makeDirectories(path + "/candidate")
        for (name, text) in candidate { try write("candidate/" + name, text) }
        for (name, text) in tests { try write("tests/" + name, text) }
        if !pinned.isEmpty { try write("pinned.txt", PinnedTests.text(pinned)) }
        let language = runner.language ?? .bash
        try write(
            "fixture.yaml",
            """
            schema: 1
            id: suite
            kind: suite
            why: a test
            language: \(language.rawValue)
            source: candidate
            runner: \(runner.rawValue)
            tests: tests
            into: tests
            pinned: pinned.txt
            limits: {wall: 60s, cpu: 30s}
            \(command.isEmpty ? keys : "command: \(command)")
            """)
        return try FixtureDecoder.read(path + "/fixture.yaml", isPinning: isPinning)
    }
}

extension Fixture {
    /// The body of a fixture that is known to be a suite.
    var suite: SuiteBody {
        guard case .suite(let body) = body else { preconditionFailure("\(id) is of kind \(kind)") }
        return body
    }
}

/// Judges suites for the length of one test.
func withSuiteVerifier<Value>(
    _ languages: Set<Language>, _ body: (RealVerifier) async throws -> Value
) async throws -> Value {
    let verifier = try await RealVerifier(languages)
    do {
        let value = try await body(verifier)
        await verifier.shutdown()
        return value
    } catch {
        await verifier.shutdown()
        throw error
    }
}
