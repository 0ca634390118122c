import OrketCore
import OrketSandbox
import OrketTestSupport
import OrketVerify
import Synchronization
import Testing

/// A real sandbox that counts the programs that it was asked to run.
private final class CountingSandbox: SandboxRunner {
    let supervisor: Supervisor
    private let counts = Mutex<[String: Int]>([:])

    init(_ supervisor: Supervisor) { self.supervisor = supervisor }

    func count(_ program: String) -> Int { counts.withLock { $0[program] ?? 0 } }

    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        counts.withLock { $0[request.argv[0], default: 0] += 1 }
        return try await supervisor.run(request, policy: policy)
    }

    func openChannel() throws(SandboxError) -> ResultChannel { try supervisor.openChannel() }

    func openInput() throws(SandboxError) -> InputRelay { try supervisor.openInput() }
}

/// A compiler that ends when it is told to.
private final class HeldSandbox: SandboxRunner {
    private struct State {
        var compilers = 0
        var isHeld = true
    }

    private let state = Mutex(State())

    var compilers: Int { state.withLock { $0.compilers } }

    func letGo() { state.withLock { $0.isHeld = false } }

    func execute(_ request: RunRequest, policy: Policy) async throws(SandboxError) -> RunResult {
        var result = Results.exited(0)
        guard request.argv[0] == "gcc" else { return result }
        state.withLock { $0.compilers += 1 }
        while state.withLock({ $0.isHeld }) { await Task.yield() }
        result.outputs = [CollectedFile(path: "main", bytes: [1], executable: true)]
        return result
    }

    func openChannel() throws(SandboxError) -> ResultChannel { throw SandboxError(.system, "held: no channel") }

    func openInput() throws(SandboxError) -> InputRelay { throw SandboxError(.system, "held: no relay") }
}

@Suite("Compiled once", .serialized)
struct CompileCacheTests {
    private let place: SnapshotPlace
    private let source = "int main(void) { return 0; }\n"

    init() throws { place = try SnapshotPlace() }

    private func cache(
        _ toolchain: String = "gcc 1", reuses: Bool = true, languages: [Language] = [.c]
    ) throws -> CompileCache {
        let toolchains = Dictionary(uniqueKeysWithValues: languages.map { ($0, toolchain) })
        return CompileCache(try CompileShelf(place.path + "/compiled"), toolchains: toolchains, reuses: reuses)
    }

    private func verification(
        _ text: String, flags: [String] = ["-O1"], name: String = "main.c", limits: [LimitKey: UInt64] = [:]
    ) -> Verification {
        Verification(
            language: .c, files: [InputFile(path: name, bytes: Array(text.utf8))],
            compile: ["gcc"] + flags + [name, "-o", "main"], run: ["./main"], trials: [Trial(name: "")],
            compileLimits: limits, assurance: .blackbox)
    }

    @Test(
        "the second verification of the same runs no compiler; one byte of source, flag, name, policy or toolchain does"
    )
    func once() async throws {
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies([.c]) { name throws(InvalidInput) in try store.load(name) }
        let supervisor = try await Supervisor()
        let sandbox = CountingSandbox(supervisor)
        var runs = 0
        /// Verifies with a cache of its own, as another command would.
        func check(_ verification: Verification, _ cache: CompileCache, compiles: Bool, _ what: String) async {
            let verifier = Verifier(sandbox: sandbox, policies: policies, cache: cache)
            let result = await verifier.verify(verification)
            if compiles { runs += 1 }
            #expect(result.verdict.outcome == .passed, "\(what): \(result.verdict.reasons)")
            #expect(sandbox.count("gcc") == runs, "\(what)")
            #expect(result.compilations.map(\.isReused) == [!compiles], "\(what)")
            #expect((result.timings.compileMs == 0) == !compiles, "\(what)")
            // What enforced the compiler's sandbox is told in any case.
            #expect(result.planDigests.count == 2 && result.sandboxes.allSatisfy { !$0.isolation.mechanisms.isEmpty })
        }
        await check(verification(source), try cache(), compiles: true, "first")
        await check(verification(source), try cache(), compiles: false, "again")
        await check(verification(source + "\n"), try cache(), compiles: true, "a byte of the source")
        await check(verification(source, flags: ["-O2"]), try cache(), compiles: true, "a flag")
        await check(verification(source, name: "other.c"), try cache(), compiles: true, "a name")
        await check(verification(source, limits: [.wall: 50_000]), try cache(), compiles: true, "a limit")
        await check(verification(source), try cache("gcc 2"), compiles: true, "a toolchain")
        await check(verification(source), try cache(reuses: false), compiles: true, "fresh")
        await check(verification(source), try cache(), compiles: false, "what was compiled anew is kept")
        // A program that was changed on the disk is not run: it is found, and made again.
        try place.shell("for f in $(find compiled/objects -size +8k); do chmod 644 $f; printf '\\177BAD' > $f; done")
        await check(verification(source), try cache(), compiles: true, "damaged")
        #expect(try place.shell("ls compiled/damaged | wc -l").hasPrefix("1"))
        await check(verification(source), try cache(), compiles: false, "whole again")
        #expect(sandbox.count("./main") == runs + 3)
        await supervisor.shutdown()
    }

    private func scripted(_ answer: @escaping @Sendable (RunRequest) -> RunResult) -> ScriptedSandbox {
        ScriptedSandbox { request, _ in request.argv[0] == "gcc" ? answer(request) : Results.exited(0) }
    }

    private static func compiled(_ request: RunRequest) -> RunResult {
        var result = Results.exited(0)
        result.outputs = [CollectedFile(path: "main", bytes: [1], executable: true)]
        return result
    }

    @Test("what failed, was stopped or lost is compiled again by the next command")
    func failures() async throws {
        let failures: [RunResult] = [
            Results.exited(1, stderr: "error"), Results.stopped(.failed, .wallTime),
            Results.stopped(.inconclusive, .sandboxSetupFailed), Results.stopped(.cancelled, .cancelled),
            Results.stopped(.rejected, .artifactRejected),
        ]
        for failure in failures {
            let sandbox = scripted { _ in failure }
            for count in 1...2 {
                let verifier = Verifier(sandbox: sandbox, policies: try Records.policies(), cache: try cache())
                let result = await verifier.verify(verification(source))
                #expect(result.verdict.outcome != .passed)
                #expect(result.compilations.map(\.isReused) == [false])
                #expect(sandbox.requests.count == count, "\(failure.reasons)")
            }
        }
        #expect(try place.shell("ls compiled/keys") == "")
    }

    @Test("a candidate that many fixtures judge at a time is compiled once")
    func together() async throws {
        let sandbox = HeldSandbox()
        let verifier = Verifier(sandbox: sandbox, policies: try Records.policies(), cache: try cache())
        let verification = verification(source)
        async let results = withTaskGroup(of: VerificationResult.self) { group in
            for _ in 0..<8 { group.addTask { await verifier.verify(verification) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // One compiler is at work and ends no sooner than the others had every chance to start theirs.
        while sandbox.compilers == 0 { await Task.yield() }
        for _ in 0..<1_000 { await Task.yield() }
        sandbox.letGo()
        #expect(await results.map(\.verdict.outcome) == Array(repeating: .passed, count: 8))
        #expect(await results.count { $0.compilations.map(\.isReused) == [true] } == 7)
        #expect(sandbox.compilers == 1)
    }

    @Test("interpreters, and languages whose toolchain nobody names, keep nothing")
    func others() async throws {
        let sandbox = scripted(Self.compiled)
        let bash = Verification(
            language: .bash, files: [InputFile(path: "main", bytes: [1])], compile: ["gcc", "-n", "main"],
            run: ["./main"],
            trials: [Trial(name: "")], assurance: .blackbox)
        for (verification, cache) in [
            (bash, try cache(languages: [.bash, .c])), (verification(source), try cache(languages: [.swift])),
        ] {
            let verifier = Verifier(sandbox: sandbox, policies: try Records.policies(), cache: cache)
            for _ in 1...2 { #expect(await verifier.verify(verification).compilations == []) }
        }
        #expect(sandbox.requests.count { $0.request.argv[0] == "gcc" } == 4)
        #expect(try place.shell("ls compiled/keys") == "")
    }

    @Test("a shelf that takes nothing changes no verdict, and is told")
    func unwritable() async throws {
        let cache = try cache()
        try place.shell("rm -r compiled/incoming; printf x > compiled/incoming")
        let sandbox = scripted(Self.compiled)
        let verifier = Verifier(sandbox: sandbox, policies: try Records.policies(), cache: cache)
        #expect(await verifier.verify(verification(source)).verdict.outcome == .passed)
        #expect(await cache.problem?.contains("incoming") == true)
    }
}
