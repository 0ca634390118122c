import OrketCore
import OrketDocuments
import OrketSandbox
import OrketTestSupport
import Testing

@Suite("The published schema of policies")
struct PolicySchemaTests {
    private static func document(_ text: String) throws -> DocumentNode {
        let (root, findings) = DocumentReader.read(Array(text.utf8), file: "sample")
        #expect(findings == [])
        return try #require(root)
    }

    private static func schema() throws -> DocumentNode {
        let path = PolicyDirectory.shipped.directory + "/../docs/formats/policy.schema.json"
        return try document(String(decoding: try Self.bytes(path), as: UTF8.self))
    }

    private static func bytes(_ path: String) throws -> [UInt8] { try TestFiles.read(path) }

    @Test("the schema of policies and the decoder know the same keys")
    func keys() throws {
        let definitions = try #require(try Self.schema()["$defs"])
        for table in KeyTable.all {
            let definition = try #require(definitions[table.name], "\(table.name)")
            #expect(definition["properties"]?.entries.map(\.key) == table.keys, "\(table.name)")
            #expect((definition["required"]?.elements ?? []).map(\.text) == table.required, "\(table.name)")
            #expect(definition["additionalProperties"]?.plain == "false", "\(table.name)")
        }
        // And nothing besides: each other definition is a value, not a mapping.
        let mappings = definitions.entries.filter { $0.value["properties"] != nil }.map(\.key)
        #expect(Set(mappings) == Set(KeyTable.all.map(\.name)))
    }

    @Test("the schema and the decoder know the same values")
    func values() throws {
        let definitions = try #require(try Self.schema()["$defs"])
        func values(_ node: DocumentNode?) -> [String] { node?["enum"]?.elements.map(\.text) ?? [] }
        #expect(values(definitions["protection"]) == Protection.allCases.map(\.rawValue))
        #expect(values(definitions["network"]?["properties"]?["mode"]) == Policy.Network.allCases.map(\.rawValue))
        #expect(
            values(definitions["group"]?["properties"]?["action"]) == SyscallRules.Action.allCases.map(\.rawValue))
        #expect(
            values(definitions["socketFamily"]?["properties"]?["family"])
                == SyscallRules.SocketFamily.allCases.map(\.rawValue))
        for key in LimitKey.allCases where key.unit == .count {
            let limit = definitions["limits"]?["properties"]?[key.rawValue]
            #expect(limit?["minimum"]?.plain == String(key.bounds.lowerBound))
            #expect(limit?["maximum"]?.plain == String(key.bounds.upperBound))
        }
    }

    @Test("good policies are accepted by both", arguments: PolicySamples.good)
    func acceptsGood(text: String) throws {
        #expect(try SchemaValidator(Self.schema()).defects(Self.document(text)) == [])
        #expect(try PolicyDirectory().findings(text) == [])
    }

    @Test("every shipped policy fits the schema")
    func shipped() throws {
        let validator = try SchemaValidator(Self.schema())
        let store = PolicyDirectory.shipped
        for name in store.names() + ["base"] {
            let text = String(decoding: try Self.bytes("\(store.directory)/\(name).yaml"), as: UTF8.self)
            #expect(validator.defects(try Self.document(text)) == [], "\(name)")
        }
    }

    @Test("each defect is refused by both", arguments: PolicySamples.bad)
    func refusesBad(name: String, text: String) throws {
        #expect(try !SchemaValidator(Self.schema()).defects(Self.document(text)).isEmpty)
        #expect(try !PolicyDirectory().findings(text).isEmpty)
    }

    @Test("what no schema can say is refused by the decoder, with its place", arguments: PolicySamples.beyondSchema)
    func refusesMore(hint: String, text: String) throws {
        let findings = try PolicyDirectory().findings(text)
        #expect(findings.contains { $0.message.contains(hint) }, "\(findings)")
        #expect(findings.allSatisfy { $0.line != nil })
    }

    @Test("what the decoder accepts, the schema accepts, whatever was changed", arguments: 0..<4 as Range<UInt64>)
    func neverStricter(seed: UInt64) throws {
        let validator = try SchemaValidator(Self.schema())
        let directory = PolicyDirectory()
        var random = SeededGenerator(seed: seed)
        let lines = PolicySamples.complete.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let values = ["0", "1", "2s", "\"x\"", "[]", "{}", "true", "~", "1MiB", "/a", "unix", "-1", "x y"]
        var accepted = 0
        for _ in 0..<60 {
            var changed = lines
            let at = Int(random.next() % UInt64(lines.count))
            switch random.next() % 3 {
            case 0: changed.remove(at: at)
            case 1: changed.swapAt(at, Int(random.next() % UInt64(lines.count)))
            default:
                guard let colon = changed[at].lastIndex(of: ":") else { continue }
                changed[at] = changed[at][...colon] + " " + values[Int(random.next() % UInt64(values.count))]
            }
            let text = changed.joined(separator: "\n")
            guard try directory.findings(text).isEmpty else { continue }
            accepted += 1
            #expect(validator.defects(try Self.document(text)) == [], "\(text)")
        }
        #expect(accepted > 0)
    }
}
