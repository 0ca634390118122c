import OrketCLI
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem
import Testing

/// A chain against a head of it that was kept elsewhere.
@Suite("orket evidence head", .serialized)
struct EvidenceHeadTests {
    private let scratch = ScratchDirectory()

    private var state: String { scratch.path + "/state" }
    private var head: String { scratch.path + "/head.json" }

    private func run(_ arguments: String...) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            ["evidence"] + arguments, environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(state)"])
    }

    private func append(_ count: Int) async throws {
        try Files.makeDirectory(state)
        try Files.makeDirectory(state + "/evidence")
        let store = try #require(
            try await EvidenceStore.open(state + "/evidence/evidence.sqlite", now: UTCTime(milliseconds: 0)))
        for _ in 0..<count { try await store.append(.sample()) }
    }

    private func shell(_ script: String) async throws {
        let pid = try Process.spawn("/bin/sh", arguments: ["-euc", script, "sh", scratch.path], environment: [])
        let status = await Blocking.run { Process.reap(pid, wait: true) }
        #expect(status == 0, "\(script)")
    }

    private func check(_ more: String..., code: Int32) async throws -> JSONValue {
        let ended = try await OrketProgram.run(
            ["evidence", "verify-chain", "--json", "--head", head] + more,
            environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(state)"])
        #expect(ended.exitCode == code, "\(ended.output) \(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        #expect(try SchemaChecker(named: "evidence-chain").violations(document) == [])
        return document
    }

    @Test("a chain that grew fits its signed head; one that was cut off or written anew is found, with the place")
    func found() async throws {
        try await append(3)
        try await shell("cp -r \"$1/state/evidence\" \"$1/three\"")
        try await append(2)
        #expect(try await run("head", "--output", head).exitCode == 0)
        let fits = try await check(code: 0)
        #expect(fits["signedHead"]?["records"] == .integer(5) && fits["signedHead"]?["hash"] == fits["head"])
        try await append(2)
        #expect(try await check(code: 0)["records"] == .integer(7))
        let said = try await run("verify-chain", "--head", head)
        #expect(said.output.contains("7 records, the chain holds") && said.output.contains("its first 5 are those"))
        // Cut off: what is left is a good chain in itself.
        try await shell("rm -r \"$1/state/evidence\"; cp -r \"$1/three\" \"$1/state/evidence\"")
        #expect(try await run("verify-chain").exitCode == 0)
        let cut = try await check(code: 4)
        #expect(cut["fault"]?["sequence"] == .integer(4) && cut["records"] == .integer(3))
        #expect(cut["fault"]?["reason"]?.string == "it is missing, the signed head has 5 records")
        // Written anew, longer than it was.
        try await shell("rm -r \"$1/state/evidence\"")
        try await append(8)
        #expect(try await run("verify-chain").exitCode == 0)
        let anew = try await check(code: 4)
        #expect(anew["fault"]?["sequence"] == .integer(5))
        #expect(anew["fault"]?["reason"]?.string?.contains("not the chain whose head was signed") == true)
        try await shell("rm -r \"$1/state/evidence\"")
        #expect(try await check(code: 4)["fault"]?["sequence"] == .integer(1), "gone as a whole")
    }

    @Test("a head counts only with the signature of a trusted key, and of a broken chain there is none")
    func untrusted() async throws {
        try await append(2)
        let printed = try await run("head")
        #expect(printed.exitCode == 0)
        try Files.writeNew(head, printed.stdout, mode: 0o644)
        #expect(try await check(code: 0)["signedHead"] != nil)
        let other = String(repeating: "0", count: 64)
        let foreign = try await check(
            "--key", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", code: 4)
        #expect(foreign["fault"]?["reason"]?.string == "the head has no signature of a trusted key")
        #expect(foreign["signedHead"] == nil)
        let good = printed.output
        let changes = [
            good.replacing("payload\"", with: "payloae\""), good.replacing("\"sig\":\"", with: "\"sig\":\"AAAA"),
            good.replacing("\"payload\":\"", with: "\"payload\":\"AAAA"), String(good.dropLast(2)), "x" + good, "",
        ]
        for changed in changes {
            try Files.replace(head, Array(changed.utf8))
            #expect(try await check(code: 4)["holds"] == .bool(false), "\(changed)")
        }
        try Files.replace(head, Array(good.utf8))
        #expect(try await check(code: 0)["holds"] == .bool(true))
        #expect(try await run("verify-chain", "--head", scratch.path + "/absent").exitCode == 2)
        #expect(try await run("verify-chain", "--key", other).exitCode == 2)
        #expect(try await run("head", "--output", scratch.path + "/nowhere/head").exitCode == 2)
        try await shell(
            """
            /usr/bin/python3 -c "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('DROP TRIGGER evidenceIsKept');
            c.execute('UPDATE evidence SET body = replace(body, \\"add\\", \\"odd\\") WHERE sequence = 1'); c.commit()" \
            "$1/state/evidence/evidence.sqlite"
            """)
        let broken = try await run("head")
        #expect(
            broken.exitCode == 4 && broken.output.isEmpty && broken.talk.contains("broken: record 1"), "\(broken.talk)")
    }
}
