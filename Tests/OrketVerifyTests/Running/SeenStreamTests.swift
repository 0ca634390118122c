import OrketCore
import OrketSandbox
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Streams of a verification", .serialized)
struct SeenStreamTests {
    private let place: SnapshotPlace

    init() throws { place = try SnapshotPlace() }

    /// A fixture with a candidate that tells all it gets, and all that was kept of its verification.
    private func kept(_ text: String, _ source: String, _ verifier: FixtureVerifier) async throws -> FixtureResult {
        let directory = TemporaryDirectory()
        _ = directory.write("main", source)
        _ = directory.write("judge.sh", "exit 0\n")
        _ = directory.write("checker.py", "def check(tell):\n    assert tell('canary') == 1\n")
        let head = "schema: 1\nid: a\nwhy: w\nsource: main\nlimits: {wall: 60s}\n"
        return await verifier.verify(try FixtureDecoder.read(directory.write("fixture.yaml", head + text)))
    }

    private static let python =
        "pass; import sys\ndef tell(x):\n    print(x, file=sys.stderr, flush=True)\n    return 1\n"

    /// Fixtures by kind: without a hidden case `canary` is kept, with one it is not.
    private static let kinds: [(name: String, text: String, source: String, hidden: String)] = [
        (
            "cli",
            "kind: cli\nlanguage: bash\nrun: [bash, main]\ncases: [{id: one, stdin: canary, expected: canary HIDDEN}]",
            "cat", ", hidden: true"
        ),
        (
            "judge",
            "kind: judge\nlanguage: bash\nrun: [bash, main]\njudge: {language: bash, source: judge.sh, run: [bash, judge.sh]}\n"
                + "cases: [{id: one, stdin: canary HIDDEN}]", "cat", ", hidden: true"
        ),
        (
            "command",
            "kind: command\nlanguage: bash\nsteps: [{id: one, argv: [bash, main], stdin: canary HIDDEN}, {id: two, argv: [cat, left]}]",
            "cat > left", ", hidden: true"
        ),
        (
            "check", "kind: check\nlanguage: python\nchecker: checker.py\nstyle: function\nentries: [tell] HIDDEN",
            python,
            "\nhidden: true"
        ),
    ]

    @Test("what may tell of a hidden case is not kept, by kind")
    func hidden() async throws {
        let store = try PolicyStore.locate()
        let policies = try ToolchainPolicies([.bash, .python]) { name throws(InvalidInput) in try store.load(name) }
        let drivers = try Drivers([.bash, .python], directory: store.directory + "/drivers")
        let supervisor = try await Supervisor()
        let verifier = FixtureVerifier(
            sandbox: supervisor, policies: policies, drivers: drivers, keeper: StreamKeeper(place.store))
        for (name, text, source, hidden) in Self.kinds {
            for isHidden in [true, false] {
                try place.shell("find store/objects -type f -delete")
                let ended = try await kept(text.replacing(" HIDDEN", with: isHidden ? hidden : ""), source, verifier)
                #expect(ended.result.verdict.outcome == .passed, "\(name): \(ended.result.verdict.reasons)")
                let streams = ended.result.streams + ended.result.trials.flatMap(\.streams)
                let found = try place.shell("grep -rl canary store/objects | wc -l")
                if isHidden {
                    // `two` of the command prints what the hidden step left, so its streams are not kept either.
                    #expect(streams.isEmpty && found == "0\n", "\(name): \(streams)")
                } else {
                    #expect(!streams.isEmpty && !found.hasPrefix("0"), "\(name): \(streams)")
                }
            }
        }
        await verifier.shutdown()
        await supervisor.shutdown()
    }

    @Test(
        "files that a step made are artefacts, those that it got are none; what is too much is told without its bytes")
    func artefacts() async throws {
        let large = [UInt8](repeating: 7, count: 40 << 20)
        let sandbox = ScriptedSandbox { request, _ in
            var result = Results.exited(0, stdout: request.argv[0] == "gcc" ? "" : "3")
            result.stdout.sha256 = Digest.hex(of: result.stdout.bytes)
            if request.argv[0] == "gcc" {
                let made: [(String, [UInt8])] = [
                    ("main", [1]), ("main.c", Array("int x;".utf8)), ("a", large), ("b", large),
                ]
                result.outputs = made.map { CollectedFile(path: $0.0, bytes: $0.1, executable: true) }
            }
            return result
        }
        let directory = TemporaryDirectory()
        _ = directory.write("main.c", "int x;")
        let cases = (0..<1_100).map { "{id: c\($0), expected: \"3\"}" }.joined(separator: ", ")
        let text = """
            schema: 1
            id: a
            why: w
            kind: cli
            language: c
            source: main.c
            compile: [gcc]
            run: [./main]
            cases: [\(cases)]
            """
        let verifier = FixtureVerifier(
            sandbox: sandbox, policies: try Records.policies(),
            drivers: try Drivers([.c], directory: try PolicyStore.locate().directory + "/drivers"),
            keeper: StreamKeeper(place.store))
        let fixture = try FixtureDecoder.read(directory.write("fixture.yaml", text))
        let result = await verifier.verify(fixture).result
        #expect(result.streams.map(\.name) == ["main", "a", "b"])
        #expect(result.streams.map(\.bytes) == [1, 40 << 20, 40 << 20])
        #expect(result.streams.map { if case .stored = $0.content { true } else { false } } == [true, true, false])
        #expect(result.streams[2].digest == Digest.hex(of: large))
        #expect(result.trials.reduce(0) { $0 + $1.streams.count } == 997 && result.streamsLeftOut == 103)
        #expect(try place.blobs() == Set([[1], large, Array("3".utf8)].map { Digest.hex(of: $0) }))
        await verifier.shutdown()
    }
}
