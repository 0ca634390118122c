import OrketCore
import OrketSandbox
import OrketVerify
import Synchronization
import Testing

/// These run real programs in the real sandbox; what a host lacks shows as a failure, never as a skip.
@Suite("End to end", .serialized)
struct EndToEndTests {
    private func withVerifier<Value>(
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

    @Test("every demo fixture shows the outcome and the reason that it is made to show", .timeLimit(.minutes(20)))
    func demo() async throws {
        let fixtures = try FixtureFinder.find([packageRoot + "/fixtures/demo"]).map { try FixtureDecoder.read($0) }
        try await withVerifier(Set(fixtures.flatMap(\.languages))) { verifier in
            for item in await verifier.fixtures.verify(fixtures, jobs: 2) {
                #expect(item.report.meetsExpectation == true, "\(item.fixture.id): \(item.result.verdict)")
            }
        }
    }

    @Test("a candidate that is right passes, byte for byte, and its sandbox was read back")
    func passes() async throws {
        let file = packageRoot + "/fixtures/demo/good-python/fixture.yaml"
        let fixture = try FixtureDecoder.read(file)
        try await withVerifier([.python]) { verifier in
            let result = await verifier.commands.verify(fixture.cli.verification(of: fixture))
            #expect(result.verdict == Verdict(.passed))
            #expect(result.isolation.mechanisms["noNewPrivs"] == "1")
            #expect(result.planDigests.count == 1)
            #expect(result.usage.wallMs > 0)
        }
    }

    private func verdicts(
        _ records: [CorpusRecord], _ verifier: RealVerifier, jobs: Int
    ) async throws -> [CompletedVerdict] {
        let verdicts = Mutex<[CompletedVerdict]>([])
        try await CorpusVerifier(verifier.commands).verify(records, jobs: jobs) { record, result in
            verdicts.withLock { $0.append(CompletedVerdict(record, result.verdict)) }
        }
        return verdicts.withLock { $0 }
    }

    @Test(
        "every record of the sample corpus, in every language, gets the verdict that is recorded with it",
        .timeLimit(.minutes(20)))
    func sampleCorpus() async throws {
        let records = try Corpus.read(packageRoot + "/fixtures/corpus/sample.jsonl")
        #expect(Set(records.map(\.language)) == Set(Language.allCases))
        try await withVerifier(Set(Language.allCases)) { verifier in
            let all = try await verdicts(records, verifier, jobs: 2)
            #expect(all.count == records.count)
            for verdict in all { #expect(verdict.agrees == true, "\(verdict)") }
        }
    }

    @Test("neither the order of the records nor the number of jobs changes the digest", .timeLimit(.minutes(20)))
    func order() async throws {
        let records = try Corpus.read(packageRoot + "/fixtures/corpus/sample.jsonl").filter {
            [.bash, .c, .perl].contains($0.language)
        }
        try await withVerifier([.bash, .c, .perl]) { verifier in
            let one = VerdictSummary(try await verdicts(records, verifier, jobs: 1))
            let other = VerdictSummary(try await verdicts(records.reversed(), verifier, jobs: 4))
            #expect(one.total == records.count && other.total == records.count)
            #expect(one.digest == other.digest)
        }
    }
}
