import Glibc
import OrketCore
import OrketSandbox
import OrketSystem
import OrketTestSupport
import OrketVerify
import Synchronization

/// A sandbox that answers from a table instead of running anything, and keeps what it was asked.
final class ScriptedSandbox: SandboxRunner {
    private struct State {
        var requests: [(request: RunRequest, policy: Policy)] = []
    }

    private let state = Mutex(State())
    private let answer: @Sendable (RunRequest, Policy) throws(SandboxError) -> RunResult

    init(_ answer: @escaping @Sendable (RunRequest, Policy) throws(SandboxError) -> RunResult) { self.answer = answer }

    var requests: [(request: RunRequest, policy: Policy)] { state.withLock { $0.requests } }

    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        state.withLock { $0.requests.append((request, policy)) }
        return try answer(request, policy)
    }

    /// A table of results has nobody to talk to.
    func openChannel() throws(SandboxError) -> ResultChannel { throw SandboxError(.system, "scripted: no channel") }

    func openInput() throws(SandboxError) -> InputRelay { throw SandboxError(.system, "scripted: no relay") }
}

enum Results {
    /// A program that ended by itself.
    static func exited(_ status: Int32, stdout: String = "", stderr: String = "") -> RunResult {
        var result = RunResult(
            outcome: status == 0 ? .passed : .failed,
            reasons: status == 0 ? [] : [Reason(.nonzeroExit, "exit code \(status)")], exit: .exited(status),
            limits: Limits())
        result.stdout = stream(stdout)
        result.stderr = stream(stderr)
        return result
    }

    /// A program that the host stopped or that our side lost.
    static func stopped(_ outcome: Outcome, _ codes: ReasonCode..., exit: ExitStatus? = .signaled(9)) -> RunResult {
        RunResult(outcome: outcome, reasons: codes.map { Reason($0, "stopped") }, exit: exit, limits: Limits())
    }

    static func stream(_ text: String) -> CapturedStream {
        var stream = CapturedStream()
        stream.head = Array(text.utf8)
        stream.byteCount = UInt64(stream.head.count)
        return stream
    }
}

enum Records {
    /// A corpus line with `changes` on top of a good record; nil removes a key.
    static func line(_ changes: [(String, JSONValue?)] = []) -> String {
        var members: [(String, JSONValue)] = [
            ("id", .string("a/1")), ("language", .string("python")), ("join", .string("import")),
            ("candidate_source", .string("x = 1\n")), ("candidate_file", .string("candidate.py")),
            ("test_source", .string("import candidate\n")), ("test_file", .string("test.py")),
            ("run", .array([.string("python3"), .string("test.py")])), ("expected_verdict", .string("pass")),
        ]
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return JSONValue.object(members.map { JSONValue.Member($0.0, $0.1) }).text
    }

    /// `count` records with the ids r0, r1, ... and sources of 0, 1, ... bytes.
    static func many(_ count: Int) throws -> [CorpusRecord] {
        let lines = (0..<count).map { index in
            line([
                ("id", .string("r\(index)")), ("candidate_source", .string(String(repeating: "#", count: index))),
            ]) + "\n"
        }
        return try Corpus.decode(Array(lines.joined().utf8), file: "c")
    }

    static func policies() throws -> ToolchainPolicies {
        try ToolchainPolicies(Set(Language.allCases)) { Policy(name: $0, why: "test") }
    }
}

extension TemporaryDirectory {
    func write(_ name: String, _ text: String) -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        precondition(descriptor >= 0, "cannot write \(file)")
        let bytes = Array(text.utf8)
        precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "cannot write \(file)")
        close(descriptor)
        return file
    }

    func read(_ name: String) throws -> String {
        String(decoding: try HostFile.contents(path + "/" + name, maximumBytes: 1 << 20), as: UTF8.self)
    }
}

/// The root of the checkout that this test was built from.
let packageRoot = String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })

extension Fixture {
    /// The body of a fixture that is known to be of this kind.
    var cli: CLIBody {
        guard case .cli(let body) = body else { preconditionFailure("\(id) is of kind \(kind)") }
        return body
    }
}

/// A supervisor of its own with everything that verifies.
struct RealVerifier {
    let supervisor: Supervisor
    let commands: Verifier
    let fixtures: FixtureVerifier
    let pinner: SuitePinner

    init(_ languages: Set<Language>) async throws {
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies(languages) { name throws(InvalidInput) in try store.load(name) }
        let drivers = try Drivers(languages, directory: store.directory + "/drivers")
        supervisor = try await Supervisor()
        commands = Verifier(sandbox: supervisor, policies: policies)
        pinner = SuitePinner(sandbox: supervisor, policies: policies, drivers: drivers)
        fixtures = FixtureVerifier(sandbox: supervisor, policies: policies, drivers: drivers)
    }

    func shutdown() async {
        await fixtures.shutdown()
        await supervisor.shutdown()
    }
}

/// All drivers in a directory of the test's own, one of them with a guard taken out.
enum DriverCopies {
    static func changed(
        _ name: String, _ text: String, to other: String, from store: PolicyStore
    ) throws -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        for file in try Files.names(in: store.directory + "/drivers") where !file.hasPrefix(".") {
            let bytes = try HostFile.contents(store.directory + "/drivers/" + file, maximumBytes: 1 << 20)
            let source = String(decoding: bytes, as: UTF8.self)
            let written = file == name ? source.replacing(text, with: other) : source
            if file == name, written == source { throw Missing(text: text) }
            _ = directory.write(file, written)
        }
        return directory
    }

    struct Missing: Error {
        let text: String
    }
}
