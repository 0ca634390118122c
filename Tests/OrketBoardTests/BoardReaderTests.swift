import OrketCore
import OrketDocuments
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketBoard

@Suite("A board is read whole, or every defect of it is told at once")
struct BoardReaderTests {
    private let place = TemporaryDirectory()

    private static let files = [
        "organisation.yaml":
            "schema_version: \"1.0.0\"\nname: Acme\nvision: v\nethos: e\ndepartments: [core, web]\n"
            + "bottleneck_thresholds: {resource_normal: 2, dependency_warning_pct: 0.25}\n",
        "departments/web.yaml": "id: web\nparent: core\n",
        "teams/core.yaml": "id: core\nseats:\n  standard: {roles: [coder, own]}\nroles: [{id: own, description: d}]\n",
        "roles/coder.yaml": "id: coder\ndescription: d\nidesign_constraints: [c]\n",
        "environments/plain.yaml": "id: plain\nmodel: none\ntimeout: 90s\n",
        "dialects/generic.json":
            "{\"id\": \"generic\", \"model_family\": \"any\", \"dsl_format\": \"f\", \"hallucination_guard\": \"g\"}\n",
        "epics/billing.yaml": """
        id: billing
        summary: Billing
        team: core
        environment: plain
        stories:
          - {id: schema, priority: High, verification: {verification_fixture: sum}}
          - id: api
            note: an *important* and *other* one, R&D
            depends_on: [schema]
            budget: {wall: 2h}

        """,
        "issues/app.yaml": "id: app\nparent_id: billing\ndepends_on: [api]\nsprint: Q1 S6\n",
        "rocks/year.yaml": "id: year\nepics: [{epic: billing, department: web}]\n",
        "fixtures/sum/fixture.yaml": "schema: 1\n",
    ]

    private func write(_ changes: [String: String?] = [:]) throws {
        for (name, text) in Self.files.merging(changes.compactMapValues { $0 }, uniquingKeysWith: { $1 }) {
            if case .some(.none) = changes[name] { continue }
            let path = "\(place.path)/\(name)"
            try Files.makeDirectories(String(path[..<path.lastIndex(of: "/")!]))
            try Files.replace(path, Array(text.utf8))
        }
    }

    /// Findings as `file:line:column: message`, beneath the board.
    private func findings() -> [String] {
        do throws(InvalidInput) {
            _ = try BoardReader.read(place.path)
            return []
        } catch {
            return error.findings.map { $0.description.replacing(place.path + "/", with: "") }
        }
    }

    @Test("aliases, words of priority, JSON and YAML, issues in files of their own: everything arrives")
    func complete() throws {
        try write()
        let board = try BoardReader.read(place.path + "/")
        #expect(
            board.organisation.thresholds.resourceNormal == 2 && board.organisation.thresholds.dependencyShare == 0.25)
        #expect(board.environments.map(\.timeoutMs) == [90_000] && board.dialects.map(\.modelFamily) == ["any"])
        #expect(
            board.roles.map(\.constraints) == [["c"]] && board.teams[0].seats[0].roles.map(\.text) == ["coder", "own"])
        let epic = try #require(board.epics.first)
        #expect(epic.card.name == "Billing" && epic.issues.map(\.id.text) == ["schema", "api", "app"])
        #expect(epic.issues[0].card.priority == .high && epic.issues[0].verification.fixtures == ["sum"])
        #expect(epic.issues[1].budget.wallMs == 7_200_000 && epic.issues[2].sprint == Sprint(quarter: 1, number: 6))
        #expect(board.fixtures.map(\.path) == ["sum"])
        let definitions = board.definitions
        #expect(definitions.map(\.id.text) == ["year", "billing", "schema", "api", "app"])
        #expect(definitions[1].card.parent?.text == "year")
        #expect(definitions[4].card.build == BuildID(epic: epic.id, rock: CardID("year")))
        for definition in definitions {
            var found: [Finding] = []
            let again = CardDefinition(json: definition.json, file: "store", findings: &found)
            #expect(found == [] && again?.json == definition.json)
        }
        #expect(try BoardReader.read(place.path).digest == board.digest)
        try write(["roles/coder.yaml": "id: coder\ndescription: other\n"])
        #expect(try BoardReader.read(place.path).digest != board.digest)
    }

    @Test(
        "unknown keys vanished, roles were missing at dispatch, cycles looped: all of it is told before anything runs")
    func defects() throws {
        try write([
            "organisation.yaml": "schema_version: \"1.0.0\"\nname: Acme\nvision: v\ndepartments: [core]\nethoss: e\n",
            "teams/core.yaml": "id: core\nseats:\n  standard: {roles: [coder, nobody]}\n",
            "issues/app.yaml":
                "id: app\nparent_id: gone\ndepends_on: [api, api, app]\nseat: ghost\nstatus: done\npriority: Urgent\n",
            "issues/wrong.yaml": "id: schema\nparent_id: billing\nstatus: active\n",
            "epics/other.yaml":
                "id: other\nteam: absent\nenvironment: absent\nissues:\n  - {id: a, depends_on: [b]}\n  - {id: b, depends_on: [a]}\n"
                + "  - {id: c, seat: ghost, verification: {fixtures: [../x, none]}}\n",
            "rocks/next.yaml": "id: next\nepics: [{epic: billing}, {epic: missing}]\n", "roles/readme.txt": "x",
            "departments/web.yaml": "id: web\nparent: moon\n",
        ])
        let found = findings()
        for expected in [
            "organisation.yaml:5:1: unknown key \"ethoss\" in an organisation",
            "organisation.yaml:1:1: an organisation has no `ethos`",
            "teams/core.yaml:3:29: there is no role \"nobody\"",
            "issues/app.yaml:2:1: there is no epic \"gone\"", "issues/app.yaml:3:19: 'app' names 'api' twice",
            "issues/app.yaml:3:24: 'app' depends on itself", "issues/app.yaml:5:1: no card begins as done",
            "issues/app.yaml:6:11: `priority` must be High, Medium, Low",
            "issues/wrong.yaml:3:9: `status` is \"active\", and must be one of", "duplicate card id 'schema'",
            "issues/wrong.yaml:1:1: the id is 'schema': call the file schema.yaml",
            "epics/other.yaml:2:1: there is no team \"absent\"",
            "epics/other.yaml:3:1: there is no environment \"absent\"",
            "the fixture \"../x\" has a component '..'", "the fixture \"none\" is missing",
            "rocks/next.yaml:2:27: there is no epic \"missing\"", "the epic 'billing' belongs to the rock",
            "roles/readme.txt: is no .yaml, .yml or .json file", "the organisation names no department \"moon\"",
        ] {
            #expect(found.contains { $0.contains(expected) }, "\(expected): \(found)")
        }
        #expect(found.contains { $0.hasPrefix("epics/other.yaml:") && $0.contains("'a'") && $0.contains("'b'") })
        #expect(found.allSatisfy { !$0.contains("\u{202e}") })
    }

    @Test("no board, two organisations, ten megabytes, bytes that are no text, a directory in a file's place: refused")
    func hostile() throws {
        #expect(findings().contains { $0.contains("no organisation.yaml here") })
        try write([
            "organization.json": "{}", "epics/large.yaml": String(repeating: "# padding\n", count: 1_048_576),
        ])
        try Files.replace(place.path + "/roles/bytes.yaml", [0x69, 0x64, 0x3a, 0xff, 0xfe])
        try Files.makeDirectory(place.path + "/roles/directory.yaml")
        let found = findings()
        #expect(found.contains { $0.contains("organisation.yaml is there as well") })
        #expect(found.contains("epics/large.yaml: the file is larger than 4194304 bytes"))
        #expect(found.contains("roles/bytes.yaml: the file is not UTF-8 text"))
        #expect(found.contains("roles/directory.yaml: is no regular file"))
    }

    @Test("emphasised words are no aliases; real ones are bounded")
    func aliases() {
        let limits = DocumentLimits(bytes: 1 << 20, values: 1_000, aliases: 2)
        func read(_ text: String) -> [Finding] {
            DocumentReader.read(Array(text.utf8), file: "f", limits: limits).findings
        }
        #expect(read("a: an *a* and *b* and *c* and *d*, R &d\n") == [])
        #expect(read("a: &x 1\nb: [*x, *x]\n") == [])
        #expect(read("a: &x 1\nb: [*x, *x, *x]\n").map(\.message) == ["the file has more than 2 aliases"])
    }
}
