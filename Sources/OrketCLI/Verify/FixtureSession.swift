import Glibc
import OrketCore
import OrketVerify
import Synchronization

/// One run of `orket verify PATH...`, from the files to the exit code.
struct FixtureSession {
    private let fixtures: [Fixture]
    private let jobs: Int
    private let format: VerifyFormat
    private let output: String?
    private let showIsolation: Bool

    /// Reads and checks all fixtures. Throws all findings of all of them; nothing has been started then.
    init(
        paths: [String], candidate: String?, jobs: Int, format: VerifyFormat, output: String?, showIsolation: Bool
    ) throws(InvalidInput) {
        var fixtures: [Fixture] = []
        var findings: [Finding] = []
        var files: [String: String] = [:]
        for file in try FixtureFinder.find(paths) {
            do throws(InvalidInput) {
                let fixture = try FixtureDecoder.read(file, candidate: candidate)
                if let first = files[fixture.id] {
                    findings.append(Finding(file: file, "duplicate fixture id '\(fixture.id)', first in \(first)"))
                }
                files[fixture.id] = file
                fixtures.append(fixture)
            } catch {
                findings += error.findings
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        self.fixtures = fixtures
        self.jobs = jobs
        self.format = format
        self.output = output
        self.showIsolation = showIsolation
    }

    /// Verifies and prints. Returns the exit code.
    func run(checkingExpectations: Bool) async throws(InvalidInput) -> Int32 {
        let (fixtures, jobs) = (fixtures, jobs)
        let box = ResultBox()
        let status = try await SandboxSession.verify(Set(fixtures.map(\.language))) { verifier in
            box.store(await FixtureVerifier(verifier).verify(fixtures, jobs: jobs))
            return .success(0)
        }
        if status != 0 && box.results.isEmpty { return status }
        try write(text(box.results))
        if checkingExpectations { Console.talk(FixtureTable.expectations(box.results)) }
        if status != 0 { return status }
        return FixtureVerifier.exitCode(box.results, checkingExpectations: checkingExpectations)
    }

    private func text(_ results: [FixtureResult]) -> String {
        switch format {
        case .table: FixtureTable.text(results) + (showIsolation ? "\n" + FixtureTable.isolation(results) : "")
        case .jsonl: results.map { $0.json.text + "\n" }.joined()
        case .json:
            JSONValue.object([
                JSONValue.Member("schema", .string("orket.verify/1")),
                JSONValue.Member("results", .array(results.map(\.json))),
            ]).text + "\n"
        }
    }

    private func write(_ text: String) throws(InvalidInput) {
        guard let output else { return Console.result(text) }
        let descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o644)
        if descriptor < 0 { throw failure(output, errno) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            let error = errno
            if count < 0 && error != EINTR { throw failure(output, error) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private func failure(_ path: String, _ error: Int32) -> InvalidInput {
        InvalidInput([Finding(file: path, "cannot be written: \(String(cString: strerror(error)))")])
    }

    /// Carries the results out of the supervisor's session.
    private final class ResultBox: Sendable {
        private let stored = Mutex<[FixtureResult]>([])

        var results: [FixtureResult] { stored.withLock { $0 } }

        func store(_ results: [FixtureResult]) { stored.withLock { $0 = results } }
    }
}
