import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Output file and resume")
struct ResumeTests {
    private let directory = TemporaryDirectory()

    private func line(_ record: CorpusRecord, _ result: RunResult = Results.exited(0)) async throws -> String {
        let sandbox = ScriptedSandbox { _, _ in result }
        let verifier = Verifier(sandbox: sandbox, policies: try Records.policies())
        return VerdictLine.text(record, await verifier.verify(CorpusVerifier.verification(record)))
    }

    @Test("what is written is read back")
    func readsBack() async throws {
        let record = try Records.many(1)[0]
        let text = try await line(record, Results.exited(1, stderr: "boom\u{1B}[31m"))
        #expect(
            VerdictLine.parse(Array(text.utf8))
                == .success(
                    CompletedVerdict(
                        id: "r0", language: .python, outcome: .failed, primary: .nonzeroExit, expected: .pass,
                        recordDigest: record.digest)))
        #expect(!text.utf8.contains(0x1B))
        #expect(!text.contains("\n"))
    }

    @Test("a torn last line is cut off and done again")
    func cutsTornLine() async throws {
        let records = try Records.many(3)
        let whole = try await line(records[0]) + "\n"
        for cut in [1, 40, 200] {
            let torn = String(try await line(records[1]).prefix(cut))
            let file = directory.write("out.jsonl", whole + torn)
            let (log, earlier) = try VerdictLog.open(file, resume: true)
            let resumption = try Resumption(records, earlier: earlier, output: file)
            #expect(resumption.kept.map(\.id) == ["r0"])
            #expect(resumption.rest.map(\.id) == ["r1", "r2"])
            try await log.append("next")
            #expect(try directory.read("out.jsonl") == whole + "next\n")
        }
    }

    @Test("an existing file is refused without --resume, and left as it is")
    func refusesExisting() throws {
        let file = directory.write("out.jsonl", "something")
        let refused = #expect(throws: InvalidInput.self) { _ = try VerdictLog.open(file, resume: false) }
        #expect(refused?.findings.first?.message.contains("--resume") == true)
        #expect(try directory.read("out.jsonl") == "something")
    }

    @Test("lines that are no verdicts are findings, and nothing is cut off")
    func refusesForeignFile() throws {
        let text = "{\"schema\":\"other/1\"}\nnot json\n\ntorn"
        let file = directory.write("out.jsonl", text)
        let refused = #expect(throws: InvalidInput.self) { _ = try VerdictLog.open(file, resume: true) }
        #expect(refused?.findings.map(\.line) == [1, 2, 3])
        #expect(try directory.read("out.jsonl") == text)
    }

    @Test("a second writer is refused")
    func refusesSecondWriter() throws {
        let file = directory.path + "/out.jsonl"
        let first = try VerdictLog.open(file, resume: true)
        let refused = #expect(throws: InvalidInput.self) { _ = try VerdictLog.open(file, resume: true) }
        #expect(refused?.findings.first?.message.hasPrefix("is in use by another run") == true)
        withExtendedLifetime(first) {}
    }

    @Test("a changed record or a foreign id is refused, an inconclusive one is done again, the last line counts")
    func plansRest() throws {
        let records = try Records.many(3)
        func earlier(_ line: Int, _ id: String, _ outcome: Outcome, digest: String? = nil) -> EarlierVerdict {
            let record = records.first { $0.id == id }
            let verdict = CompletedVerdict(
                id: id, language: .python, outcome: outcome, primary: outcome == .passed ? nil : .hostResource,
                expected: nil, recordDigest: digest ?? record?.digest ?? "")
            return EarlierVerdict(line: line, verdict: verdict)
        }
        let refused = #expect(throws: InvalidInput.self) {
            try Resumption(
                records, earlier: [earlier(1, "r0", .passed, digest: "x"), earlier(2, "q", .passed)], output: "o")
        }
        #expect(refused?.findings.map(\.line) == [1, 2])
        let plan = try Resumption(
            records,
            earlier: [earlier(1, "r0", .inconclusive), earlier(2, "r1", .inconclusive), earlier(3, "r1", .passed)],
            output: "o")
        #expect(plan.kept.map(\.id) == ["r1"])
        #expect(plan.rest.map(\.id) == ["r0", "r2"])
        #expect(plan.restricted(to: [records[2]]).rest.map(\.id) == ["r2"])
    }
}
