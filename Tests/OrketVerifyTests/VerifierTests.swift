import OrketCore
import OrketSandbox
import OrketVerify
import Synchronization
import Testing

@Suite("Verifier")
struct VerifierTests {
    private func verify(
        _ verification: Verification,
        _ answer: @escaping @Sendable (RunRequest, Policy) throws(SandboxError) -> RunResult
    ) async throws -> (result: VerificationResult, sandbox: ScriptedSandbox) {
        let sandbox = ScriptedSandbox(answer)
        let verifier = Verifier(sandbox: sandbox, policies: try Records.policies())
        return (await verifier.verify(verification), sandbox)
    }

    private func compiled(
        language: Language = .c, run: [String] = ["./main"], trials: [Trial] = [Trial(name: "")]
    ) -> Verification {
        Verification(
            language: language, files: [InputFile(path: "main.c", bytes: [1])], compile: ["gcc", "main.c"], run: run,
            trials: trials, assurance: .blackbox)
    }

    @Test("expected output never enters a sandbox")
    func keepsExpectedOutside() async throws {
        let canary = "CANARY-0123456789"
        let verification = compiled(trials: [Trial(name: "case 1", stdin: [7], expectedStdout: Array(canary.utf8))])
        let (result, sandbox) = try await verify(verification) { request, _ in
            var result = Results.exited(0, stdout: "guess")
            if request.argv[0] == "gcc" { result.outputs = [CollectedFile(path: "main", bytes: [2], executable: true)] }
            return result
        }
        #expect(result.verdict.primary == .wrongOutput)
        #expect(sandbox.requests.count == 2)
        for (request, policy) in sandbox.requests {
            #expect(!"\(request)".contains(canary))
            #expect(!"\(policy)".contains(canary))
            #expect(!request.inputs.contains { String(decoding: $0.bytes, as: UTF8.self).contains(canary) })
        }
        #expect(!result.verdict.reasons.contains { $0.detail.contains(canary) })
    }

    @Test("artefacts cross into a fresh sandbox and cannot replace a trusted file")
    func passesArtefacts() async throws {
        let (result, sandbox) = try await verify(compiled()) { request, _ in
            var result = Results.exited(0)
            if request.collectAll != nil {
                result.outputs = [
                    CollectedFile(path: "main", bytes: [9], executable: true),
                    CollectedFile(path: "main.c", bytes: [66], executable: false),
                ]
            }
            return result
        }
        #expect(result.verdict.outcome == .passed)
        #expect(sandbox.requests.map(\.policy.name) == ["toolchains/c-compile", "toolchains/c"])
        let inputs = sandbox.requests[1].request.inputs
        #expect(inputs.map(\.path) == ["main.c", "main"])
        #expect(inputs.map(\.bytes) == [[1], [9]])
        #expect(inputs.map(\.executable) == [false, true])
    }

    @Test("a program that was not compiled is the candidate's failure")
    func missesProgram() async throws {
        let (result, sandbox) = try await verify(compiled()) { _, _ in Results.exited(0) }
        #expect(result.verdict.outcome == .failed)
        #expect(result.verdict.primary == .artifactMissing)
        #expect(sandbox.requests.count == 1)
    }

    @Test("after a failed compile nothing runs, and its stderr is kept for people")
    func stopsAfterCompile() async throws {
        let (result, sandbox) = try await verify(compiled()) { _, _ in Results.exited(1, stderr: "error: no") }
        #expect(result.verdict.primary == .compileError)
        #expect(sandbox.requests.count == 1)
        #expect(result.diagnostic?.step == "compile")
        #expect(result.diagnostic?.stderr == "error: no")
    }

    @Test("a sandbox that cannot work makes the verdict inconclusive")
    func reportsSandboxError() async throws {
        let (result, _) = try await verify(compiled()) { _, _ throws(SandboxError) in
            throw SandboxError(.unsupportedHost, "no user namespaces", hint: "enable them")
        }
        #expect(result.verdict.outcome == .inconclusive)
        #expect(result.verdict.primary == .sandboxSetupFailed)
        #expect(result.verdict.reasons.first?.detail == "compile: no user namespaces (enable them)")
    }

    @Test("stops at the first failure only when asked to")
    func stopsAtFirstFailure() async throws {
        var verification = compiled(trials: (1...3).map { Trial(name: "case \($0)") })
        verification.compile = nil
        verification.run = ["sh", "x"]
        let all = try await verify(verification) { _, _ in Results.exited(1) }
        #expect(all.sandbox.requests.count == 3)
        verification.stopsAtFirstFailure = true
        let first = try await verify(verification) { _, _ in Results.exited(1) }
        #expect(first.sandbox.requests.count == 1)
        #expect(first.result.verdict.outcome == .failed)
    }

    @Test("corpus limits reach the policies, and CPU never competes with the wall clock")
    func setsLimits() async throws {
        let record = try Records.many(1)[0]
        let (_, sandbox) = try await verify(CorpusVerifier.verification(record)) { _, _ in Results.exited(0) }
        let limits = try #require(sandbox.requests.first).policy.limits
        #expect(limits.wallMs == 10_000)
        #expect(limits.memoryBytes == 1 << 30)
        #expect(limits.cpuMs >= 2 * limits.wallMs)
    }

    @Test("verdicts are the same for every number of jobs", arguments: [1, 2, 7, 64])
    func isIndependentOfJobs(jobs: Int) async throws {
        let records = try Records.many(40)
        let sandbox = ScriptedSandbox { request, _ in Results.exited(Int32(request.inputs[0].bytes.count % 2)) }
        let verifier = CorpusVerifier(Verifier(sandbox: sandbox, policies: try Records.policies()))
        let verdicts = Mutex<[CompletedVerdict]>([])
        try await verifier.verify(records, jobs: jobs) { record, result throws(InvalidInput) in
            verdicts.withLock { $0.append(CompletedVerdict(record, result.verdict)) }
        }
        let done = verdicts.withLock { $0 }
        let expected = records.enumerated().map { index, record in
            let verdict = index % 2 == 0 ? Verdict(.passed) : Verdict(.failed, [Reason(.nonzeroExit, "")])
            return CompletedVerdict(record, verdict)
        }
        #expect(Set(done) == Set(expected))
        #expect(VerdictDigest.hex(done) == VerdictDigest.hex(expected))
    }

    @Test("an output that cannot be written ends the run with that finding")
    func stopsWhenOutputFails() async throws {
        let records = try Records.many(40)
        let sandbox = ScriptedSandbox { _, _ in Results.exited(0) }
        let verifier = CorpusVerifier(Verifier(sandbox: sandbox, policies: try Records.policies()))
        let refused = await #expect(throws: InvalidInput.self) {
            try await verifier.verify(records, jobs: 2) { _, _ throws(InvalidInput) in
                throw InvalidInput([Finding(file: "out", "disk full")])
            }
        }
        #expect(refused?.findings.map(\.message) == ["disk full"])
        #expect(sandbox.requests.count <= 4)
    }

    @Test("cancelled verdicts are not handed on")
    func dropsCancelled() async throws {
        let sandbox = ScriptedSandbox { _, _ in Results.stopped(.cancelled, .cancelled) }
        let verifier = CorpusVerifier(Verifier(sandbox: sandbox, policies: try Records.policies()))
        let count = Mutex(0)
        try await verifier.verify(try Records.many(8), jobs: 2) { _, _ throws(InvalidInput) in
            count.withLock { $0 += 1 }
        }
        #expect(count.withLock { $0 } == 0)
    }
}
