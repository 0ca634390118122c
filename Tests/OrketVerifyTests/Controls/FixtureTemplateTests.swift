import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Fixtures to begin with", .serialized, .timeLimit(.minutes(20)))
struct FixtureTemplateTests {
    private static let languages: [FixtureTemplate.Kind: [Language]] = [
        .cli: Language.allCases, .judge: Language.allCases, .function: [.python, .javascript],
        .check: [.python, .javascript], .suite: [.python, .javascript], .command: Language.allCases,
    ]

    @Test(
        "every kind in every language is proven as it is written, and has no weakness",
        arguments: FixtureTemplate.Kind.allCases)
    func areProven(_ kind: FixtureTemplate.Kind) async throws {
        let languages = try #require(Self.languages[kind])
        let verifier = try await RealVerifier(Set(languages + [.python]))
        for language in Language.allCases {
            let files = FixtureTemplate(kind: kind, language: language, id: "mine").files
            #expect((files != nil) == languages.contains(language), "\(language)")
            guard let files else { continue }
            let directory = TemporaryDirectory()
            for file in files { _ = directory.write(file.name, file.text) }
            let fixture = try FixtureDecoder.read(directory.path + "/fixture.yaml")
            #expect(FixtureLint.findings(fixture, text: files[0].text) == [], "\(language)")
            let proof = await Prover(verifier.fixtures, version: "1").prove(
                fixture, jobs: 2, now: UTCTime(milliseconds: 0))
            #expect(proof.problems == [], "\(language)")
            #expect(proof.controls.count == 3)
        }
        await verifier.shutdown()
    }
}
