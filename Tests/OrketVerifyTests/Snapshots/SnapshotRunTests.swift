import OrketCore
import OrketSandbox
import OrketVerify
import Testing

/// From the candidate's directory into the real sandbox.
@Suite("A snapshot in a sandbox", .serialized)
struct SnapshotRunTests {
    private func run(_ script: String, _ inputs: [InputFile], collect: Bool = false) async throws -> RunResult {
        let policy = try PolicyStore.locate().load("toolchains/bash")
        let supervisor = try await Supervisor()
        var request = RunRequest(argv: ["bash", "-c", script])
        request.inputs = inputs
        request.collectAll = collect ? CollectBounds() : nil
        let result = await Result { [request] in try await supervisor.run(request, policy: policy) }
        await supervisor.shutdown()
        return try result.get()
    }

    private func text(_ stream: CapturedStream) -> String { String(decoding: stream.bytes, as: UTF8.self) }

    @Test("a program finds the tree that was hashed: files, modes, links, empty directories")
    func tree() async throws {
        let place = try SnapshotPlace()
        try place.shell(
            """
            mkdir -p c/src/deep c/empty; printf 'x = 1\\n' > c/src/a.py; printf '#!/bin/sh\\n' > c/run; chmod 755 c/run
            ln -s ../src/a.py c/src/here; ln -s deep c/src/dir; ln -s nowhere c/dangling
            """)
        let snapshot = try place.importing("c")
        // The encoding, made by the program inside.
        let script = """
            export LC_ALL=C; { echo orket.snapshot/1; find . -mindepth 1 | cut -c3- | sort | while IFS= read -r f; do
            if [ -L "$f" ]; then k=l; readlink -n "$f" > /tmp/t; elif [ -d "$f" ]; then echo "d - 0 $f"; continue
            else k=f; [ -x "$f" ] && k=x; cat "$f" > /tmp/t; fi
            echo "$k $(sha256sum < /tmp/t | cut -d' ' -f1) $(stat -c %s /tmp/t) $f"; done; }
            """
        let result = try await run(script, try snapshot.inputs(from: place.store))
        #expect(result.outcome == .passed, "\(text(result.stderr)) \(result.reasons)")
        #expect(result.stdout.bytes == snapshot.encoding, "\(text(result.stdout))")
    }

    @Test("links that were put in are no output, those that a program makes are refused")
    func collected() async throws {
        let inputs: [InputFile] = [.link("given", target: Array("a".utf8)), InputFile(path: "a", bytes: [1])]
        let well = try await run("printf 2 > given; printf 3 > new", inputs, collect: true)
        #expect(well.outcome == .passed, "\(well.reasons)")
        #expect(well.outputs.map(\.path).sorted() == ["a", "new"])
        let ill = try await run("rm given; ln -s /etc/passwd given; ln -s /etc/passwd other", inputs, collect: true)
        #expect(ill.reasons.map(\.detail) == ["other: is a symbolic link"])
        #expect(!ill.outputs.contains { $0.path != "a" })
    }

    @Test("nothing is put into a sandbox through a link that was put before")
    func notFollowed() async throws {
        let links: [InputFile] = [.link("d", target: Array("/tmp".utf8)), InputFile(path: "d/f", bytes: [1])]
        let result = try await run("true", links)
        #expect(result.outcome == .inconclusive)
        #expect(result.reasons.first?.code == .sandboxSetupFailed)
        let twice: [InputFile] = [InputFile(path: "f", bytes: [1]), .link("f", target: Array("x".utf8))]
        #expect(try await run("true", twice).outcome == .inconclusive)
    }

    @Test("a compile step that puts a directory in a link's place changes nothing of the next sandbox")
    func artefacts() async throws {
        let sandbox = ScriptedSandbox { request, _ in
            var result = Results.exited(0)
            if request.argv[0] == "gcc" {
                result.outputs = ["main", "link/x", "main.c/x", "d", "d/new"].map {
                    CollectedFile(path: $0, bytes: [2], executable: true)
                }
            }
            return result
        }
        let files: [InputFile] = [
            InputFile(path: "main.c", bytes: [1]), .link("link", target: Array("d".utf8)), .directory("d"),
        ]
        let verification = Verification(
            language: .c, files: files, compile: ["gcc"], run: ["./main"], trials: [Trial(name: "")],
            assurance: .blackbox)
        _ = await Verifier(sandbox: sandbox, policies: try Records.policies()).verify(verification)
        #expect(sandbox.requests.last?.request.inputs.map(\.path) == ["main.c", "link", "d", "main", "d/new"])
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
