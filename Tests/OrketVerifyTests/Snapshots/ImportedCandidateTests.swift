import OrketCore
import OrketSandbox
import OrketTestSupport
import OrketVerify
import Testing

/// Fixtures of every kind about one candidate that was imported.
@Suite("Fixtures judge what was imported", .serialized)
struct ImportedCandidateTests {
    private let place: SnapshotPlace
    private let directory = TemporaryDirectory()

    init() throws { place = try SnapshotPlace() }

    private static let function = """
        kind: function
        language: python
        source: src/sum.py
        entry: add
        cases: [{id: one, args: [1, 2], expected: 3}]
        """

    /// One fixture a kind, each with `src/sum.py` of the candidate as its source.
    private static let kinds: [(kind: String, text: String)] = [
        ("function", function),
        (
            "cli",
            """
            kind: cli
            language: python
            source: src/sum.py
            run: [python3, -B, sum.py]
            cases: [{id: one, stdin: "1 2", expected: "3"}]
            """
        ),
        (
            "check",
            """
            kind: check
            language: python
            source: src/sum.py
            checker: checker.py
            style: function
            entries: [add]
            """
        ),
        (
            "judge",
            """
            kind: judge
            language: python
            source: src/sum.py
            run: [python3, -B, sum.py]
            judge: {language: bash, source: judge.sh, run: [bash, judge.sh]}
            cases: [{id: one, stdin: "1 2", answer: "3"}]
            """
        ),
        (
            "command",
            """
            kind: command
            language: python
            source: src/sum.py
            steps: [{id: one, argv: [python3, -B, sum.py], stdin: "1 2", expect: {stdout: "3"}}]
            """
        ),
        (
            "http",
            """
            kind: http
            language: python
            source: src/sum.py
            start: [python3, -B, sum.py, serve]
            port: 8080
            requests: [{id: one, path: /, expect: {body: "3"}}]
            """
        ),
        (
            "suite",
            """
            kind: suite
            language: python
            source: src/sum.py
            runner: unittest
            tests: test_sum.py
            into: tests
            pinned: pinned.txt
            """
        ),
    ]

    private static let source = """
        pass; import sys

        def add(a, b):
            return a + b

        if __name__ == "__main__":
            if sys.argv[1:] == ["serve"]:
                from http.server import BaseHTTPRequestHandler, HTTPServer

                class Handler(BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(str(add(1, 2)).encode())

                HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
            print(add(*map(int, sys.stdin.read().split())))
        """

    private func fixture(_ text: String) throws -> Fixture {
        _ = directory.write("checker.py", "def check(add):\n    assert add(1, 2) == 3\n")
        _ = directory.write("judge.sh", "[ \"$(cat output)\" = \"$(cat answer)\" ]\n")
        _ = directory.write(
            "test_sum.py",
            """
            pass; import os, sys, unittest
            sys.path.append("/box/src")
            pass; import sum as made

            class Sum(unittest.TestCase):
                def test_add(self):
                    self.assertEqual(made.add(1, 2), 3)
            """)
        _ = directory.write("pinned.txt", "test_sum.Sum.test_add\n")
        let file = directory.write("fixture.yaml", "schema: 1\nid: a\nwhy: w\nlimits: {wall: 60s}\n" + text)
        return try FixtureDecoder.read(file, source: .none)
    }

    private func imported(_ name: String) throws -> ImportedCandidate {
        try ImportedCandidate(path: place.path + "/" + name, into: place.store)
    }

    @Test(
        "every kind judges the file of its source's name in a directory, an archive and a commit, by the digest of the tree"
    )
    func kinds() async throws {
        try place.shell("mkdir -p c/src; printf 'more\\n' > c/README")
        _ = try place.python("open('c/src/sum.py', 'w').write(sys.argv[1])", Self.source)
        try place.shell(
            """
            tar -C c -czf c.tar.gz src README
            cd c; git init -q .; git add .; git -c user.name=a -c user.email=a@b commit -qm a
            """)
        let digest = try imported("c").snapshot.digest
        let names = [place.path + "/c", place.path + "/c.tar.gz", "git:\(place.path)/c@HEAD"]
        let candidates = try names.map { try ImportedCandidate(path: $0, into: place.store) }
        // From here on only the store can say what the candidate is.
        try place.shell("rm -r c c.tar.gz")
        try await KindBench.run([.python, .bash]) { bench in
            for (kind, text) in Self.kinds {
                for (name, candidate) in zip(names, candidates) {
                    let judged = try fixture(text).judging(candidate)
                    let report = await bench.verifier.fixtures.verify(judged).report
                    #expect(
                        report.outcome == .passed,
                        "\(kind) \(name): \(report.reasons) \(String(describing: report.diagnostic))"
                    )
                    #expect(report.kind == kind && report.candidate == name && report.digests.candidate == digest)
                }
            }
        }
    }

    @Test("a candidate without the source, or with another thing in its place, has its verdict before anything runs")
    func refused() async throws {
        let table: [(script: String, outcome: Outcome, code: ReasonCode, detail: String)] = [
            (
                "mkdir c; printf 1 > c/sum.py", .failed, .artifactMissing,
                "the candidate has no file 'src/sum.py'"
            ),
            (
                "mkdir -p c/src/sum.py", .failed, .artifactMissing,
                "'src/sum.py' of the candidate is a directory, and must be a file"
            ),
            (
                "mkdir -p c/src; printf 1 > c/a; ln -s ../a c/src/sum.py", .rejected, .artifactRejected,
                "'src/sum.py' of the candidate is a symbolic link; put the file itself there"
            ),
            (
                "mkdir -p c/other; printf 1 > c/other/sum.py; ln -s other c/src", .failed, .artifactMissing,
                "the candidate has no file 'src/sum.py'"
            ),
            (
                "mkdir -p c/src; truncate -s 5M c/src/sum.py", .rejected, .artifactRejected,
                "'src/sum.py' of the candidate is larger than 4194304 bytes"
            ),
        ]
        let sandbox = ScriptedSandbox { _, _ in Results.exited(0) }
        let verifier = FixtureVerifier(
            sandbox: sandbox, policies: try Records.policies(),
            drivers: try Drivers([.python], directory: try PolicyStore.locate().directory + "/drivers"))
        for (script, outcome, code, detail) in table {
            try place.shell("rm -rf c; " + script)
            let candidate = try imported("c")
            for (kind, text) in Self.kinds where kind != "suite" {
                let report = await verifier.verify(try fixture(text).judging(candidate)).report
                #expect(
                    report.outcome == outcome && report.reasons == [Reason(code, detail)], "\(kind) \(report.reasons)")
                #expect(report.digests.candidate == candidate.snapshot.digest)
                #expect(report.cases.allSatisfy { $0.outcome == nil })
            }
        }
        #expect(sandbox.requests.isEmpty)
        await verifier.shutdown()
    }

    @Test("a plain file is the candidate whatever it is called, by the digest of its bytes")
    func oneFile() throws {
        try place.shell("printf 'x = 1' > any.name; chmod 755 any.name")
        let judged = try fixture(Self.function).judging(imported("any.name"))
        #expect(judged.source.path == "sum.py" && judged.source.bytes == Array("x = 1".utf8))
        #expect(!judged.source.executable && judged.refusal == nil)
        #expect(judged.candidateDigest == Digest.hex(of: Array("x = 1".utf8)))
        // An archive of one file is a tree all the same.
        try place.shell("tar -cf one.tar any.name")
        let tree = try imported("one.tar")
        #expect(try fixture(Self.function).judging(tree).candidateDigest == tree.snapshot.digest)
    }

    @Test("a suite gets the whole tree, unless it is too large for a workspace")
    func suites() throws {
        try place.shell("mkdir -p c/src c/empty; printf 1 > c/src/sum.py; ln -s src c/link")
        let text = try #require(Self.kinds.last?.text)
        let judged = try fixture(text).judging(imported("c"))
        guard case .suite(let body) = judged.body else { throw ScriptFailure(text: judged.kind) }
        #expect(body.candidate.map(\.path) == ["empty", "link", "src", "src/sum.py"])
        try place.shell("truncate -s 17M c/large")
        let large = try fixture(text).judging(imported("c"))
        #expect(large.refusal?.outcome == .rejected && large.refusal?.primary == .artifactRejected)
        guard case .suite(let none) = large.body else { throw ScriptFailure(text: large.kind) }
        #expect(none.candidate.isEmpty)
    }

    @Test("a blob that was changed in the store is not judged")
    func damaged() throws {
        try place.shell("mkdir -p c/src; printf good > c/src/sum.py")
        let candidate = try imported("c")
        try place.shell("f=$(find store/objects -type f -size 4c); chmod 644 $f; printf evil > $f")
        #expect(throws: StorageError.self) { try fixture(Self.function).judging(candidate) }
        // Imported again it is whole.
        #expect(try fixture(Self.function).judging(imported("c")).source.bytes == Array("good".utf8))
    }
}
