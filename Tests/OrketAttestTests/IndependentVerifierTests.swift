import OrketAttest
import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

/// Receipts before the eyes of programs that are not ours: securesystemslib and in-toto-attestation from PyPI, which
/// `.ci/packages attest` installs.
@Suite("Independent verifiers")
struct IndependentVerifierTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The interpreter of that environment, as `.ci/packages` names it.
    private static var python: String {
        let cache = Process.environment("XDG_CACHE_HOME") ?? (Process.environment("HOME") ?? "") + "/.cache"
        return cache + "/orket/python-attest/bin/python"
    }

    private static var isInstalled: Bool { HostPrograms.isExecutable(python) }

    /// Stands aside where the environment is absent, unless everything must work.
    private static var mayRun: Bool { isInstalled || Process.environment("ORKET_MUST_WORK") == "1" }

    /// What they say of each line.
    private static func verdicts(_ lines: [[UInt8]], key: PublicKey) async throws -> [String] {
        try #require(isInstalled, "no \(python); run .ci/packages attest")
        let input = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
        return try await Blocking.run { Result { try run(input, key) } }.get()
    }

    private static func run(_ input: [UInt8], _ key: PublicKey) throws -> [String] {
        let scratch = TemporaryDirectory()
        try Files.create(scratch.path + "/in", input)
        try Files.create(scratch.path + "/out", [])
        let stdin = try Files.open(scratch.path + "/in")
        let stdout = try Files.open(scratch.path + "/out", writing: true)
        let pid = try Process.spawn(
            python, arguments: [root + "/Tests/Programs/verify_receipt.py", key.id.text, key.hex],
            environment: ["PATH=/usr/bin:/bin"], stdin: stdin.raw, stdout: stdout.raw)
        #expect(Process.reap(pid, wait: true) == 0)
        return try Files.text(scratch.path + "/out").split(separator: "\n").map(String.init)
    }

    @Test("securesystemslib and in-toto-attestation accept every kind of receipt", .enabled(if: mayRun))
    func accepted() async throws {
        let key = try Samples.key()
        let claim = try #require(try Samples.claim(Samples.facts()))
        let decision = try Samples.decision([claim])
        let head = try ChainHead(length: 3, hash: Samples.digest("x")).envelope(signedBy: key)
        let receipts = try Outcome.allCases.map { try Receipt(Samples.facts(outcome: $0), signedBy: key) }
        let envelopes = try receipts.flatMap(\.envelopes) + Receipt(decision, signedBy: key).envelopes + [head]
        let types = try envelopes.map {
            "accepted " + (try StrictJSON.parse($0.unverifiedPayload)["predicateType"]?.string ?? "")
        }
        let verdicts = try await Self.verdicts(envelopes.map(\.bytes), key: key.publicKey)
        #expect(verdicts == types)
        #expect(Set(types).count == 4)
    }

    @Test("and refuse what was changed, as we do", .enabled(if: mayRun))
    func refused() async throws {
        let key = try Samples.key()
        let good = try Receipt(Samples.facts(), signedBy: key).envelopes[1].bytes
        // Every byte of payload and signature, in the base64 text; the rest of an envelope is not signed.
        let text = String(decoding: good, as: UTF8.self)
        let changed = good.indices.filter { index in
            let name = text.utf8.prefix(index).split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
            return name.count >= 4 && name.count % 2 == 0 && ["payload", "sig"].contains(String(name[name.count - 3])!)
        }.map { index in
            var bytes = good
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            return bytes
        }
        #expect(changed.count > 500)
        let verdicts = try await Self.verdicts(changed, key: key.publicKey)
        #expect(verdicts.count == changed.count && verdicts.allSatisfy { $0.hasPrefix("refused") })
        let wrongKey = try await Self.verdicts([good], key: Samples.key(1).publicKey)
        #expect(wrongKey == ["refused VerificationError"])
    }
}
