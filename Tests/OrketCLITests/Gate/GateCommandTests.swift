import Glibc
import OrketCore
import OrketSystem
import Testing

/// The gate on real boards with real runs: what is honest passes, and nothing else has a way to done.
@Suite("orket gate", .serialized, .timeLimit(.minutes(20)))
struct GateCommandTests {
    private static let wrong = "read -r a; echo \"$a\"\n"

    @Test("what passes is done, with a signed decision that anybody can check with its receipts")
    func completes() async throws {
        let place = try await GatePlace()
        let candidate = try place.candidate("work")
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", candidate])
        #expect(code == 0 && answer["result"] == .string("accepted") && answer["status"] == .string("done"))
        #expect(answer.reasonCodes == [] && answer["evidence"]?["basis"] == .string("receipts"))
        #expect(try await place.status("ONE") == .done)
        let file = try #require(answer["decision"]?.string)
        let key = try place.scratch.write("key.pub", try await place.orket(["key", "export"]).output)
        let again = try await place.gate("complete", "ONE", ["--candidate", candidate])
        #expect(again.exitCode == 2 && again.talk.contains("done"))
        // The receipt that it rests on, as CI would write it, from the same record.
        let record = try #require(answer["evidence"]?["records"]?.elements.first?.string)
        let shown = try await place.orket(["evidence", "export"])
        #expect(shown.output.contains(record))
        let verified = try await place.orket(["gate", "verify", file, "--key", key, "--json"])
        #expect(verified.exitCode == 0, "\(verified.output)")
        let report = try StrictJSON.parse(verified.stdout)
        for violation in try SchemaChecker(named: "gate-verification").violations(report) {
            Testing.Issue.record("\(violation)")
        }
        #expect(report["resource"] == .string("orket:issue/ONE") && report["missing"]?.elements.count == 1)
        #expect(try await place.orket(["gate", "verify", file, "--key", key, "--complete"]).exitCode == 4)
    }

    @Test("what fails, and what nobody has verified, is refused with the reason, and the issue stays where it is")
    func refuses() async throws {
        let place = try await GatePlace()
        let wrong = try place.candidate("wrong", Self.wrong)
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", wrong])
        #expect(code == 4 && answer.reasonCodes == ["failed_verification"], "\(answer.text)")
        #expect(answer["decision"]?.string != nil)
        #expect(try await place.status("ONE") == .ready)
        let good = try place.candidate("good")
        let (checked, unknown) = try await place.answer("check", "ONE", ["--candidate", good])
        // There is evidence about the fixture, of another candidate.
        #expect(checked == 4 && unknown.reasonCodes == ["stale_evidence"], "\(unknown.text)")
        #expect(unknown["decision"] == .null)
        let bare = try await GatePlace(fixtures: [])
        let (empty, none) = try await bare.answer("complete", "ONE", ["--candidate", bare.candidate("any")])
        #expect(empty == 4 && none.reasonCodes == ["no_fixture"])
    }

    @Test("one byte more than what was verified is stale")
    func stale() async throws {
        let place = try await GatePlace()
        let candidate = try place.candidate("work")
        let verified = try await place.orket(["verify", place.board + "/fixtures", "--candidate", candidate])
        #expect(verified.exitCode == 0, "\(verified.output)\(verified.talk)")
        #expect(try await place.answer("check", "ONE", ["--candidate", candidate]).code == 0)
        try place.scratch.write("work/more", "\n")
        let (code, answer) = try await place.answer("check", "ONE", ["--candidate", candidate])
        #expect(code == 4 && answer.reasonCodes == ["stale_evidence"], "\(answer.text)")
    }

    @Test("recorded verdicts count where the policy says so, and a receipt finishes one issue only")
    func recorded() async throws {
        let place = try await GatePlace()
        let candidate = try place.candidate("work")
        _ = try await place.orket(["verify", place.board + "/fixtures", "--candidate", candidate])
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", candidate, "--recorded"])
        #expect(code == 4 && answer.reasonCodes == ["cached_evidence"], "\(answer.text)")
        try place.scratch.write("board/gate.yaml", "schema: 1\nwhy: test\ncached: true\n")
        #expect(try await place.answer("complete", "ONE", ["--candidate", candidate, "--recorded"]).code == 0)
        let (other, replayed) = try await place.answer("complete", "TWO", ["--candidate", candidate, "--recorded"])
        #expect(other == 4 && replayed.reasonCodes == ["replayed_evidence"], "\(replayed.text)")
        #expect(try await place.status("TWO") == .ready)
        // A run of its own is evidence of its own.
        #expect(try await place.answer("complete", "TWO", ["--candidate", candidate]).code == 0)
    }

    @Test("a fixture that nobody has proven able to fail finishes nothing")
    func unproven() async throws {
        let place = try await GatePlace(isProven: false)
        let candidate = try place.candidate("work")
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", candidate])
        #expect(code == 4 && !answer.reasonCodes.isEmpty, "\(answer.text)")
        let explained = try await place.gate("explain", "ONE", ["--json"])
        let document = try StrictJSON.parse(explained.stdout)
        for violation in try SchemaChecker(named: "gate-explanation").violations(document) {
            Testing.Issue.record("\(violation)")
        }
        #expect(document["fixtures"]?.elements.first?["proof"]?.string?.isEmpty == false)
        try await place.prove()
        #expect(try await place.answer("complete", "ONE", ["--candidate", candidate]).code == 0)
    }

    @Test("what a delivery brings along never judges that delivery")
    func ownRules() async throws {
        let place = try await GatePlace()
        let wrong = try place.candidate("wrong", Self.wrong)
        try place.scratch.write(
            "wrong/gate.yaml", "schema: 1\nwhy: mine\nproof: false\nminimum_level: 0\nwaivers: [ada]\n")
        _ = try place.scratch.makeDirectory("wrong/fixtures")
        _ = try place.scratch.makeDirectory("wrong/fixtures/sum")
        let easy = try Files.text(place.board + "/fixtures/sum/fixture.yaml").replacing("46", with: "12")
        try place.scratch.write("wrong/fixtures/sum/fixture.yaml", easy)
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", wrong])
        #expect(code == 4 && answer.reasonCodes == ["failed_verification"], "\(answer.text)")
    }

    @Test("a receipt that was changed, or that a stranger has signed, is told as forged")
    func forged() async throws {
        let place = try await GatePlace()
        let candidate = try place.candidate("work")
        let receipts = place.scratch.path + "/receipts"
        _ = try await place.orket(
            ["verify", place.board + "/fixtures", "--candidate", candidate, "--receipts", receipts])
        let good = try Files.read(receipts + "/sum.intoto.jsonl")
        var bytes = good
        bytes[bytes.count / 3] ^= 1
        let changed = try place.scratch.write("changed.jsonl", String(decoding: bytes, as: UTF8.self))
        let (code, answer) = try await place.answer("check", "ONE", ["--candidate", candidate, "--receipt", changed])
        #expect(code == 4 && answer.reasonCodes == ["forged_evidence"], "\(answer.text)")
        // On another host the same receipt counts with its key, and is a stranger's without.
        let other = try await GatePlace()
        let (refused, unknown) = try await other.answer(
            "check", "ONE", ["--candidate", candidate, "--receipt", receipts + "/sum.intoto.jsonl"])
        #expect(refused == 4 && unknown.reasonCodes == ["forged_evidence", "missing_evidence"], "\(unknown.text)")
        let key = try place.scratch.write("key.pub", try await place.orket(["key", "export"]).output)
        let (accepted, known) = try await other.answer(
            "check", "ONE", ["--candidate", candidate, "--receipt", receipts + "/sum.intoto.jsonl", "--key", key])
        #expect(accepted == 0, "\(known.text)")
    }

    @Test("a waiver counts only where the board names its person, and says so for ever")
    func waivers() async throws {
        let place = try await GatePlace()
        let wrong = try place.candidate("wrong", Self.wrong)
        let waive = ["--candidate", wrong, "--reason", "the fixture is broken", "--for", "2d"]
        let nobody = try await place.gate("waive", "ONE", waive)
        #expect(nobody.exitCode == 2 && nobody.talk.contains("ada") && nobody.stdout.isEmpty)
        try place.scratch.write("board/gate.yaml", "schema: 1\nwhy: test\nwaivers: [ada]\nmaximum_waiver: 3d\n")
        let long = try await place.gate("waive", "ONE", ["--candidate", wrong, "--reason", " ", "--for", "4d"])
        #expect(long.exitCode == 2 && long.talk.contains("--for") && long.talk.contains("--reason"))
        let signed = try await place.gate("waive", "ONE", waive)
        #expect(signed.exitCode == 0, "\(signed.talk)")
        let file = try place.scratch.write("waiver.jsonl", signed.output)
        let (elsewhere, other) = try await place.answer("complete", "TWO", ["--candidate", wrong, "--waiver", file])
        #expect(elsewhere == 4 && other.reasonCodes.contains("waiver_refused"), "\(other.text)")
        let (code, answer) = try await place.answer("complete", "ONE", ["--candidate", wrong, "--waiver", file])
        #expect(code == 0 && answer.reasonCodes == ["failed_verification"], "\(answer.text)")
        #expect(answer["evidence"]?["basis"] == .string("waiver"))
        #expect(answer["evidence"]?["person"] == .string("ada"))
        let key = try place.scratch.write("key.pub", try await place.orket(["key", "export"]).output)
        let decision = try #require(answer["decision"]?.string)
        let verified = try await place.orket(
            ["gate", "verify", decision, "--key", key, "--complete", "--input", file])
        #expect(verified.exitCode == 0 && verified.output.contains("ORKET_WAIVED"), "\(verified.output)")
    }

    @Test("a bad policy, board, issue or key is refused with every finding before anything runs")
    func badInput() async throws {
        let place = try await GatePlace()
        let candidate = try place.candidate("work")
        let unknown = try await place.gate("complete", "THREE", ["--candidate", candidate])
        #expect(unknown.exitCode == 2 && unknown.talk.contains("THREE"))
        let nowhere = try await place.orket(["gate", "explain", "ONE", "--board", place.scratch.path])
        #expect(nowhere.exitCode == 2 && nowhere.talk.contains("orket init"))
        try place.scratch.write(
            "board/gate.yaml",
            "schema: 2\nminimum_level: 9\nminimum_assurance: strong\nallow_degraded: [walls]\nproof: maybe\nwhat: 1\n")
        let bad = try await place.gate("complete", "ONE", ["--candidate", candidate])
        #expect(bad.exitCode == 2)
        for part in [":1:", ":2:", ":3:", ":4:", ":5:", ":6:", "why", "walls", "strong"] {
            #expect(bad.talk.contains(part), "\(part): \(bad.talk)")
        }
        #expect(try await place.status("ONE") == .ready)
        unlink(place.board + "/gate.yaml")
        let key = try await place.gate("check", "ONE", ["--candidate", candidate, "--key", "/nowhere"])
        #expect(key.exitCode == 2 && key.talk.contains("/nowhere"))
    }
}

@Suite("Formats of the gate")
struct GateFormatTests {
    @Test("the schema of answers knows every reason")
    func codes() throws {
        let schema = try StrictJSON.parse(try Files.read(packageRoot + "/docs/formats/gate.schema.json"))
        let known = schema["properties"]?["reasons"]?["items"]?["properties"]?["code"]?["enum"]?.elements
        #expect(known?.compactMap(\.string) == GateReason.Code.allCases.map(\.rawValue))
    }

    @Test("the page about the gate explains every reason")
    func page() throws {
        let page = try Files.text(packageRoot + "/docs/gate.md")
        for code in GateReason.Code.allCases { #expect(page.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }
}
