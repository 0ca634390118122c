import OrketCLI
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem
import Testing

/// `orket evidence` as people run it.
@Suite("orket evidence")
struct EvidenceCommandTests {
    private let scratch = ScratchDirectory()

    private var state: String { scratch.path + "/state" }
    private var file: String { state + "/evidence/evidence.sqlite" }

    private func run(_ arguments: [String]) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(
            ["evidence"] + arguments, environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(state)"])
    }

    private func document(_ arguments: [String], schema: String, code: Int32 = 0) async throws -> JSONValue {
        let ended = try await run(arguments)
        #expect(ended.exitCode == code, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: schema).violations(document) { Issue.record("\(violation)") }
        return document
    }

    /// Stores records, the first of which is hostile and the second passed.
    private func fill(_ count: Int = 5) async throws -> [StoredEvidence] {
        _ = try Files.makeDirectory(state)
        _ = try Files.makeDirectory(state + "/evidence")
        let store = try #require(try await EvidenceStore.open(file, now: UTCTime(milliseconds: 0)))
        var stored: [StoredEvidence] = []
        for index in 0..<count {
            let name = index == 0 ? "\u{1b}[2Jname\n\u{202e}" : "f\(index)"
            stored.append(
                try await store.append(
                    .sample(
                        fixture: name, outcome: index == 1 ? .passed : .failed,
                        atMs: 1_764_000_000_000 + Int64(index) * 86_400_000, detail: "\u{1b}]0;x\u{7}\u{2028}")))
        }
        return stored
    }

    @Test("nothing was ever stored: every command says so, and makes nothing")
    func empty() async throws {
        #expect(try await document(["log", "--json"], schema: "evidence-log")["total"] == .integer(0))
        let chain = try await document(["verify-chain", "--json"], schema: "evidence-chain")
        #expect(chain["holds"] == .bool(true) && chain["records"] == .integer(0))
        #expect(try await run(["export"]).stdout.isEmpty)
        let log = try await run(["log"])
        #expect(log.exitCode == 0 && log.output.isEmpty && log.talk.contains("no such record"))
        let show = try await run(["show", "0"])
        #expect(show.exitCode == 2 && show.talk.contains("no record has an id that starts with"))
        #expect(!Files.exists(state))
    }

    @Test("the log shows the newest first, filters, and fits its format")
    func log() async throws {
        let stored = try await fill()
        let all = try await document(["log", "--json"], schema: "evidence-log")
        #expect(all["records"]?.elements.compactMap { $0["id"]?.string } == stored.reversed().map(\.id.text))
        let some = try await document(
            ["log", "--json", "--limit", "1", "--outcome", "failed", "--since", "2025-11-26"], schema: "evidence-log")
        #expect(some["total"] == .integer(3) && some["records"]?.elements.count == 1)
        let one = try await document(["log", "--json", "--fixture", "f1"], schema: "evidence-log")
        #expect(one["records"]?.elements.first?["reason"] == .null)
        let text = try await run(["log", "--limit", "2"])
        #expect(text.output.split(separator: "\n").count == 3 && text.talk.contains("2 of 5 records"))
    }

    @Test("bad options are refused all at once")
    func badOptions() async throws {
        let ended = try await run(["log", "--limit", "0", "--outcome", "good", "--since", "yesterday"])
        #expect(ended.exitCode == 2 && ended.output.isEmpty)
        #expect(ended.talk.split(separator: "\n").count == 3)
    }

    @Test("one record is shown with everything, found by the beginning of its id")
    func show() async throws {
        let stored = try await fill()
        let line = try await document(["show", stored[0].id.text, "--json"], schema: "evidence")
        #expect(line["hash"]?.string == stored[0].hash.text && line["record"]?.text == stored[0].body)
        for record in stored {
            let shown = try await document(["show", record.id.text, "--json"], schema: "evidence")
            #expect(shown["sequence"] == .integer(record.sequence))
        }
        // All ids begin with the same digits of the time.
        let ambiguous = try await run(["show", "019"])
        #expect(ambiguous.exitCode == 2)
        #expect(stored.allSatisfy { ambiguous.talk.contains($0.id.text) })
    }

    @Test("no text of a candidate acts on a terminal")
    func hostileText() async throws {
        let stored = try await fill()
        for arguments in [["log"], ["show", stored[0].id.text], ["export"], ["show", "\u{1b}[2J"]] {
            let ended = try await run(arguments)
            for scalar in (ended.output + ended.talk).unicodeScalars where scalar != "\n" {
                #expect(!scalar.isDeceptive, "\(arguments) \(scalar.value)")
            }
        }
        #expect(try await run(["show", stored[0].id.text]).output.contains("fixture  \\u{1b}[2Jname\\n\\u{202e}\n"))
    }

    @Test("an intact chain holds; one that was tampered with ends with 4 and names the place")
    func chain() async throws {
        let stored = try await fill()
        let intact = try await document(["verify-chain", "--json"], schema: "evidence-chain")
        #expect(intact["holds"] == .bool(true) && intact["head"]?.string == stored[4].hash.text)
        #expect(
            try await run(["verify-chain"]).output.hasSuffix("5 records, the chain holds, head \(stored[4].hash)\n"))
        let script = """
            from sqlite3 import connect
            from sys import argv
            c = connect(argv[1], isolation_level=None)
            c.execute('DROP TRIGGER evidenceIsKept')
            c.execute("UPDATE evidence SET body = replace(body, '6.1.0', '6.2.0') WHERE sequence = 3")
            """
        let pid = try Process.spawn("/usr/bin/python3", arguments: ["-c", script, file], environment: [])
        #expect(await Blocking.run { Process.reap(pid, wait: true) } == 0)
        let broken = try await document(["verify-chain", "--json"], schema: "evidence-chain", code: 4)
        #expect(broken["holds"] == .bool(false) && broken["records"] == .integer(2))
        #expect(broken["fault"]?["sequence"] == .integer(3) && broken["fault"]?["id"]?.string == stored[2].id.text)
        let text = try await run(["verify-chain"])
        #expect(
            text.exitCode == 4 && text.output.contains("broken: record 3 (\(stored[2].id)): its content does not fit"))
    }

    @Test("every hash can be computed from an exported line alone, by a program of somebody else")
    func export() async throws {
        let stored = try await fill(70)
        let ended = try await run(["export"])
        let lines = ended.output.split(separator: "\n")
        #expect(lines.count == 70)
        let checker = try SchemaChecker(named: "evidence")
        for line in lines.prefix(3) { #expect(try checker.violations(StrictJSON.parse(Array(line.utf8))) == []) }
        let script = """
            from hashlib import sha256
            from json import loads
            from struct import pack
            from sys import argv
            previous = '0' * 64
            for line in open(argv[1], 'rb'):
                body = line.rstrip(b'\\n').split(b',"record":', 1)[1][:-1]
                place, record = loads(line), loads(body)
                data = b'orket.evidence.link/1'
                for field in (bytes.fromhex(previous), pack('>q', place['sequence']), record['id'].encode(),
                              pack('>q', record['recordedAtMs']), body):
                    data += pack('>Q', len(field)) + field
                assert place['previousHash'] == previous
                previous = sha256(data).hexdigest()
                assert place['hash'] == previous, place
            assert previous == argv[2]
            """
        let output = scratch.path + "/evidence.jsonl"
        #expect(try await run(["export", "--output", output]).exitCode == 0)
        #expect(try Files.text(output, limit: 4 << 20) == ended.output)
        let pid = try Process.spawn(
            "/usr/bin/python3", arguments: ["-c", script, output, stored[69].hash.text], environment: [])
        #expect(await Blocking.run { Process.reap(pid, wait: true) } == 0)
    }

    @Test("an export that fails leaves the old file as it was, and nothing beside it")
    func failedExport() async throws {
        _ = try await fill(3)
        let exports = try scratch.makeDirectory("exports")
        try Files.create(exports + "/e.jsonl", Array("old".utf8))
        try Files.write(file, "garbage garbage")
        let ended = try await run(["export", "--output", exports + "/e.jsonl"])
        #expect(ended.exitCode == 3 && ended.talk.contains(file) && ended.talk.contains("hint: "), "\(ended.talk)")
        #expect(try Files.text(exports + "/e.jsonl") == "old" && Files.names(in: exports) == ["e.jsonl"])
        let bad = try await run(["export", "--output", scratch.path + "/nowhere/e.jsonl"])
        #expect(bad.exitCode == 2 && bad.talk.contains("nowhere"), "\(bad.talk)")
    }

    @Test("an export that finds no room says so", .enabled(if: Files.exists("/dev/full")))
    func noRoom() async throws {
        _ = try await fill(3)
        let toFile = try await run(["export", "--output", "/dev/full"])
        #expect(toFile.exitCode == 3 && toFile.talk.contains("No space left"), "\(toFile.talk)")
        let toStdout = try await OrketProgram.run(
            ["evidence", "export"], environment: ["PATH=/usr/bin:/bin", "ORKET_STATE_DIR=\(state)"],
            launcher: ["/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"])
        #expect(toStdout.exitCode == 3 && toStdout.talk.contains("stdout: "), "\(toStdout.talk)")
    }

    @Test("every command shows how it is used")
    func help() async throws {
        for command in [[], ["log"], ["show"], ["verify-chain"], ["export"], ["prune"], ["head"]] {
            let ended = try await run(command + ["--help"])
            #expect(ended.exitCode == 0 && ended.output.contains("Examples:"), "\(command)")
            #expect(ended.output.contains("orket evidence \(command.first ?? "log")"))
        }
    }
}
