import OrketCore
import OrketVerify
import Testing

@Suite("Demo fixtures and published formats")
struct DemoFixtureTests {
    private static func fixtures() throws -> [Fixture] {
        try FixtureFinder.find([packageRoot + "/fixtures/demo"]).map { file in try FixtureDecoder.read(file) }
    }

    @Test("every demo fixture is valid, says what it shows, and is named like its directory")
    func areValid() throws {
        let fixtures = try Self.fixtures()
        #expect(fixtures.count >= 20)
        for fixture in fixtures {
            #expect(fixture.expect != nil, "\(fixture.id)")
            #expect(fixture.file.hasSuffix("/\(fixture.id)/fixture.yaml"))
            #expect(!fixture.why.isEmpty)
        }
        #expect(Set(fixtures.map(\.id)).count == fixtures.count)
        #expect(Set(fixtures.map(\.language)).isSuperset(of: [.python, .c, .bash, .javascript]))
    }

    @Test("the token that a cheating candidate looks for is not in its own file")
    func keepsCanaryOut() throws {
        let fixture = try #require(try Self.fixtures().first { $0.id == "cheat-seeks-answer-python" })
        for item in fixture.cli.cases {
            let source = String(decoding: fixture.source.bytes, as: UTF8.self)
            #expect(!source.contains(String(decoding: item.expected, as: UTF8.self).dropLast()))
        }
    }

    private static func schema(_ name: String) throws -> JSONValue {
        let path = packageRoot + "/docs/formats/\(name).schema.json"
        return try StrictJSON.parse(try HostFile.contents(path, maximumBytes: 1 << 20))
    }

    private static func names(_ value: JSONValue?) -> [String] {
        switch value {
        case .object(let members)?: members.map(\.name)
        case .array(let elements)?: elements.compactMap(\.string)
        default: []
        }
    }

    @Test("the verdict schema knows exactly what a verdict line can hold")
    func verdictSchema() async throws {
        let schema = try Self.schema("verdict")
        let properties = try #require(schema["properties"])
        let codes = schema["$defs"]?["reason"]?["properties"]?["code"]?["enum"]
        #expect(Self.names(codes) == ReasonCode.allCases.map(\.rawValue))
        #expect(Self.names(properties["outcome"]?["enum"]) == Outcome.allCases.map(\.rawValue))
        #expect(Self.names(properties["language"]?["enum"]) == Language.allCases.map(\.rawValue))
        let degraded = schema["$defs"]?["isolation"]?["properties"]?["degraded"]?["items"]?["enum"]
        #expect(Self.names(degraded) == Protection.allCases.map(\.rawValue))
        let record = try Records.many(1)[0]
        let sandbox = ScriptedSandbox { _, _ in Results.exited(1, stderr: "x") }
        let verifier = Verifier(sandbox: sandbox, policies: try Records.policies())
        let line = VerdictLine.text(record, await verifier.verify(CorpusVerifier.verification(record)))
        let written = try StrictJSON.parse(Array(line.utf8))
        #expect(Self.names(written) == Self.names(properties))
        for part in ["usage", "timings", "isolation", "diagnostic"] {
            #expect(Self.names(written[part]) == Self.names(schema["$defs"]?[part]?["properties"]))
        }
    }

    @Test(
        "the fixture schema and the decoder know the same keys",
        arguments: ["cli", "function", "check", "judge", "suite", "command", "http"])
    func fixtureSchema(_ kind: String) throws {
        let schema = try Self.schema("fixture")
        let properties = try #require(schema["$defs"]?[kind]?["properties"])
        let refused = #expect(throws: InvalidInput.self) {
            try FixtureDecoder.decode(Array("kind: \(kind)\nzzz: 1\ncases: [{zzz: 1}]\n".utf8), file: "f")
        }
        let hints = refused?.findings.map(\.message).filter { $0.hasPrefix("unknown key 'zzz'") } ?? []
        let known = [properties, properties["cases"]?["items"]?["properties"]].compactMap { $0 }
        #expect(hints == known.map { "unknown key 'zzz'; known are " + Self.names($0).joined(separator: ", ") })
        #expect(Self.names(schema["$defs"]?["limits"]?["properties"]) == LimitKey.allCases.map(\.rawValue))
        #expect(Self.names(schema["$defs"]?["language"]?["enum"]) == Language.allCases.map(\.rawValue))
    }
}
