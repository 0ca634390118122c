import OrketAttest
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// What records and receipts tell of the sandboxes beside the candidate's, and of proofs.
@Suite("Sandboxes and proofs in the evidence", .serialized, .timeLimit(.minutes(20)))
struct SandboxesOfVerifyTests {
    private let scratch = ScratchDirectory()

    private func orket(_ arguments: [String]) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            arguments, environment: ["PATH=/usr/bin:/bin", "XDG_STATE_HOME=\(scratch.path)/state"])
    }

    private func fixture(_ id: String, _ text: String, files: [String: String]) throws -> String {
        let directory = try scratch.makeDirectory(id)
        let head = "schema: 1\nid: \(id)\nwhy: w\nlimits: {wall: 60s}\n"
        for (name, text) in files.merging(["fixture.yaml": head + text], uniquingKeysWith: { $1 }) {
            try Files.writeNew(directory + "/" + name, Array(text.utf8), mode: 0o644)
        }
        return directory
    }

    /// The newest record, and the enforcement predicate of its receipt.
    private func newest() async throws -> (record: JSONValue, predicate: JSONValue) {
        let log = try StrictJSON.parse(try await orket(["evidence", "log", "--json"]).stdout)
        let id = try #require(log["records"]?.elements.first?["id"]?.string)
        let shown = try StrictJSON.parse(try await orket(["evidence", "show", id, "--json"]).stdout)
        #expect(try SchemaChecker(named: "evidence").violations(shown) == [])
        let receipt = try await orket(["evidence", "show", id, "--receipt"]).output
        let line = try #require(receipt.split(separator: "\n").first)
        let payload = try #require(try StrictJSON.parse(Array(line.utf8))["payload"]?.string.flatMap(Base64.decode))
        let predicate = try #require(try StrictJSON.parse(payload)["predicate"])
        for violation in try SchemaChecker(named: "enforcement").violations(predicate) { Issue.record("\(violation)") }
        return (try #require(shown["record"]), predicate)
    }

    private static let kinds: [(id: String, text: String, files: [String: String], roles: [String])] = [
        (
            "check",
            "kind: check\nlanguage: python\nsource: one.py\nchecker: checker.py\nstyle: function\nentries: [one]\n",
            ["one.py": "def one():\n    return 1\n", "checker.py": "def check(one):\n    assert one() == 1\n"],
            ["checker", "candidate"]
        ),
        (
            "judge",
            """
            kind: judge
            language: c
            source: main.c
            compile: [gcc, main.c, -o, main]
            run: [./main]
            judge: {language: c, source: judge.c, compile: [gcc, judge.c, -o, judge], run: [./judge]}
            cases: [{id: one}]
            """, ["main.c": "int main(void) { return 0; }\n", "judge.c": "int main(void) { return 0; }\n//\n"],
            ["judge_compiler", "compiler", "candidate", "judge"]
        ),
    ]

    @Test(
        "record and receipt list every sandbox by its role, the checker's and the judge's as well, each as it was read back"
    )
    func roles() async throws {
        for (id, text, files, roles) in Self.kinds {
            let directory = try fixture(id, text, files: files)
            for isReused in [false, true] {
                let ended = try await orket(["verify", directory])
                #expect(ended.exitCode == 0, "\(ended.output) \(ended.talk)")
                let (record, predicate) = try await newest()
                for sandboxes in [record["sandboxes"], predicate["sandboxes"]] {
                    let sandboxes = try #require(sandboxes?.elements)
                    #expect(sandboxes.map { $0["role"]?.string ?? "candidate" } == roles)
                    for sandbox in sandboxes {
                        #expect(sandbox["mechanisms"]?["noNewPrivs"]?.string == "1", "\(sandbox.text)")
                        guard case .integer(let level)? = sandbox["level"] else { throw ScratchFailure() }
                        #expect(level >= 1)
                        let isCompiler = sandbox["role"]?.string?.hasSuffix("compiler") == true
                        #expect((sandbox["reused"] == .bool(true)) == (isReused && isCompiler), "\(sandbox.text)")
                    }
                }
            }
        }
    }

    private struct ScratchFailure: Error {}

    @Test(
        "a proof that was required, and what it was worth, is in record and receipt; without the question there is nothing"
    )
    func proofs() async throws {
        let directory = try fixture(
            "proven",
            """
            kind: cli
            language: bash
            source: main.sh
            run: [bash, main.sh]
            cases: [{id: one, expected: good}]
            controls: {broken: [bad.sh]}
            """, files: ["main.sh": "echo good\n", "bad.sh": "echo bad\n"])
        func check(_ arguments: [String], code: Int32, state: String?) async throws {
            let ended = try await orket(["verify", directory] + arguments)
            #expect(ended.exitCode == code, "\(ended.output) \(ended.talk)")
            let (record, predicate) = try await newest()
            let expected = state.map {
                JSONValue.object([.init("required", .bool(true)), .init("state", .string($0))])
            }
            #expect(record["proof"] == expected ?? .null)
            #expect(predicate["proof"] == expected)
        }
        try await check([], code: 0, state: nil)
        try await check(["--require-proof"], code: 3, state: "absent")
        let proven = try await orket(["fixture", "prove", directory])
        #expect(proven.exitCode == 0, "\(proven.output)")
        try await check(["--require-proof"], code: 0, state: "valid")
        // A verdict of earlier is no way around it.
        try Files.replace(directory + "/bad.sh", Array("echo worse\n".utf8))
        try await check(["--require-proof"], code: 3, state: "stale")
        try await check([], code: 0, state: nil)
        try await check(["--require-proof", "--cached"], code: 3, state: "stale")
    }
}
