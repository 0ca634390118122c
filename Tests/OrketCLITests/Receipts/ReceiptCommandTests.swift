import Glibc
import OrketAttest
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket receipt verify` as people run it.
@Suite("orket receipt verify")
struct ReceiptCommandTests {
    private let scratch = ScratchDirectory()
    private let signing: SigningKey
    private let key: String

    init() throws {
        signing = try SigningKey(seed: Array(1...32))
        key = try scratch.write("key.pub", signing.publicKey.pem)
    }

    private static func digest(_ text: String) -> HexDigest { HexDigest(sha256: Array(text.utf8)) }

    private static func facts(_ outcome: Outcome) throws -> VerificationFacts {
        func subject(_ name: String) throws -> Subject { try Subject(name, digest(name)) }
        return VerificationFacts(
            candidate: try subject("prog\u{1b}[2J"), fixture: try subject("fixture"), policy: try subject("policy"),
            toolchain: try subject("gcc"), verifier: VerifierIdentity(version: "0.1.0", digest: digest("orket")),
            kernel: "6.1.0", outcome: outcome, reasons: outcome == .passed ? [] : [Reason(.wrongOutput, "x")],
            assurance: .inProcess, limits: Limits(), usage: Usage(),
            timings: AttestedTimings(startedAt: UTCTime(milliseconds: 0), compileMs: 0, runMs: 0, totalMs: 0),
            sandboxes: [
                SandboxFacts(plan: digest("plan"), level: .namespaces, degraded: [.landlock], mechanisms: ["a": "b"])
            ])
    }

    private func write(_ name: String, _ outcome: Outcome = .passed) throws -> String {
        let bytes = try Receipt(Self.facts(outcome), signedBy: signing).bytes
        return try scratch.write(name, String(decoding: bytes, as: UTF8.self))
    }

    private static func run(_ arguments: [String]) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(["receipt", "verify"] + arguments)
    }

    private static func report(_ arguments: [String], code: Int32) async throws -> JSONValue {
        let ended = try await run(arguments + ["--json"])
        #expect(ended.exitCode == code, "\(ended.talk)")
        let document = try StrictJSON.parse(ended.stdout)
        for violation in try SchemaChecker(named: "receipt-verification").violations(document) {
            Issue.record("\(violation)")
        }
        return document
    }

    @Test(
        "a good receipt is good whatever it says; --require-passed asks for what it says", arguments: Outcome.allCases)
    func good(outcome: Outcome) async throws {
        let file = try write("r.jsonl", outcome)
        let receipt = try await Self.report([file, "--key", key], code: 0)["receipts"]?.elements.first
        #expect(receipt?["claim"]?["outcome"]?.string == outcome.rawValue)
        #expect(receipt?["claim"]?["signers"] == .array([.string(signing.publicKey.id.text)]))
        let text = try await Self.run([file, "--key", signing.publicKey.hex])
        #expect(text.exitCode == 0 && text.output.contains("good: \(outcome.rawValue)") && text.talk.isEmpty)
        #expect(!text.output.contains("\u{1b}"))
        let required = try await Self.run([file, "--key", key, "--require-passed"])
        #expect(required.exitCode == outcome.exitCode)
    }

    @Test("another candidate, fixture or policy makes it stale: status 4, and each difference is told")
    func stale() async throws {
        let file = try write("r.jsonl")
        let names = ["--candidate-digest": "prog\u{1b}[2J", "--fixture-digest": "fixture", "--policy-digest": "policy"]
        let same = names.flatMap { [$0.key, "sha256:" + Self.digest($0.value).text] }
        #expect(try await Self.run([file, "--key", key] + same).exitCode == 0)
        let other = names.keys.flatMap { [$0, Self.digest("another").text.uppercased()] }
        let problems = try await Self.report([file, "--key", key] + other, code: 4)["receipts"]?.elements.first?[
            "problems"]
        #expect(problems?.elements.map { $0["code"]?.string } == Array(repeating: "stale_evidence", count: 3))
    }

    @Test("a changed receipt, an unknown key and what is no receipt are refused: status 4, with file and line")
    func refused() async throws {
        let good = try write("good.jsonl")
        let text = String(decoding: try HostFile.contents(good, maximumBytes: 1 << 20), as: UTF8.self)
        let changed = try scratch.write("changed.jsonl", text.replacing("\"sig\":\"", with: "\"sig\":\"AAAA"))
        let empty = try scratch.write("empty.jsonl", "")
        let other = try scratch.write("other.pub", SigningKey().publicKey.pem)
        let ended = try await Self.run([good, changed, empty, "--key", key])
        #expect(ended.exitCode == 4)
        #expect(ended.output.split(separator: "\n").count == 1 && ended.output.hasPrefix("\(good): good"))
        #expect(ended.talk.contains("\(changed):1: untrusted") && ended.talk.contains("\(empty): malformed"))
        let report = try await Self.report([good, "--key", other], code: 4)
        #expect(report["good"] == .bool(false) && report["receipts"]?.elements.first?["claim"] == .null)
        #expect(try await Self.run([good, "--key", other, "--key", key]).exitCode == 0)
        let anew = try scratch.write("anew.jsonl", text.replacing(":", with: ": "))
        #expect(try await Self.run([anew, "--key", key]).exitCode == 4)
        #expect(try await Self.run([anew, "--key", key, "--allow-reencoded"]).exitCode == 0)
    }

    @Test("bad usage is told at once, and no receipt is looked at: status 2")
    func usage() async throws {
        let file = try write("r.jsonl")
        let noKey = try scratch.write("no.pub", "hello\n")
        let ended = try await Self.run([
            file, scratch.path + "/missing.jsonl", "--key", noKey, "--key", scratch.path + "/missing.pub",
            "--candidate-digest",
            "abc", "--policy-digest", "sha512:" + Self.digest("x").text,
        ])
        #expect(ended.exitCode == 2 && ended.output.isEmpty)
        #expect(ended.talk.split(separator: "\n").count == 5, "\(ended.talk)")
        #expect(try await Self.run([file]).exitCode == 2)
        #expect(try await Self.run(["--key", key]).exitCode == 2)
    }

    @Test("receipt lines and their enforcement predicate are as their schemas say", arguments: Outcome.allCases)
    func formats(outcome: Outcome) throws {
        let receipt = try Receipt(Self.facts(outcome), signedBy: signing)
        for envelope in receipt.envelopes {
            let line = try StrictJSON.parse(envelope.bytes)
            #expect(try SchemaChecker(named: "receipt").violations(line) == [])
        }
        let predicate = try #require(try StrictJSON.parse(receipt.envelopes[0].unverifiedPayload)["predicate"])
        let checker = try SchemaChecker(named: "enforcement")
        #expect(checker.violations(predicate) == [])
        #expect(!checker.violations(.record(["outcome": .string("fine")])).isEmpty)
    }
}
