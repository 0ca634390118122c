import OrketCore
import OrketSandbox
import Testing

@Suite("What a plan puts into the workspace")
struct WorkspaceFileTests {
    private static let policy = TestPolicy.make {
        $0.files += [
            .init(path: "/box/given/one", text: "1"), .init(path: "/box/given/deep/two", text: "2"),
            .init(path: "/box/other/three", text: "3"),
        ]
    }

    private func shell(_ script: String) async throws -> RunResult {
        try await TestSupervisor.run(["/bin/sh", "-c", script], policy: Self.policy) {
            $0.inputs = [InputFile(path: "own", bytes: Array("0".utf8))]
        }
    }

    @Test("is there beside the inputs, in every sandbox of the plan anew")
    func isThere() async throws {
        for _ in 0..<3 {
            let result = try await shell(
                "cat own given/one given/deep/two other/three && ls | tr '\\n' ' ' && touch new")
            #expect(result.outcome == .passed, "\(result.stderr.text)")
            #expect(result.stdout.text == "0123given other own ")
        }
    }

    @Test(
        "can be neither changed, removed, renamed nor covered, although the workspace is the program's",
        arguments: [
            "echo x > given/one", "echo x > given/new", "rm given/one", "rm -r given/deep", "mv given old",
            "rmdir other",
            "mv given/one one", "mkdir given/d", "chmod 777 given", "chmod 777 given/one", "touch given/one",
            "ln given/one link",
            "ln -sfn /tmp given/deep", "truncate -s 0 given/deep/two", "mv -T /tmp given", "cp own given/one",
        ])
    func isReadOnly(attempt: String) async throws {
        let result = try await shell("if \(attempt); then exit 7; fi; cat given/one given/deep/two other/three")
        #expect(result.exit == .exited(0), "\(attempt): \(result.stderr.text)")
        #expect(result.stdout.text == "123")
    }

    @Test("what the program made itself it may change: only what the plan put there is read-only")
    func control() async throws {
        let result = try await shell("mkdir mine && mv mine yours && rmdir yours && echo x > own && cat own")
        #expect(result.outcome == .passed && result.stdout.text == "x\n", "\(result.stderr.text)")
    }

    @Test("an input of the caller does not go there either")
    func refusesInputs() async throws {
        let result = try await TestSupervisor.run(["/bin/true"], policy: Self.policy) {
            $0.inputs = [InputFile(path: "given/more", bytes: [])]
        }
        #expect(result.outcome == .inconclusive)
        #expect(result.reasons.map(\.code) == [.sandboxSetupFailed])
    }
}
