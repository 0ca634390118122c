import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// `orket fixture pin`, as people run it.
@Suite("orket fixture pin", .serialized, .timeLimit(.minutes(20)))
struct FixturePinCommandTests {
    private let scratch = ScratchDirectory()

    private func put(_ name: String, _ text: String) throws {
        try Files.replace(scratch.path + "/" + name, Array(text.utf8))
    }

    private func write(controls: String = "") throws {
        try put(
            "fixture.yaml",
            """
            schema: 1
            id: double
            kind: suite
            why: because
            language: python
            source: double.py
            limits: {wall: 20s}
            runner: unittest
            tests: test_double.py
            into: tests
            pinned: pinned.txt
            \(controls)

            """)
        try put("double.py", "def double(x):\n    return 4\n")
        try put("right.py", "def double(x):\n    return x + x\n")
        try put(
            "test_double.py",
            """
            from unittest import TestCase
            from double import double
            class T(TestCase):
                def test_two(self): self.assertEqual(double(2), 4)
                def test_three(self): self.assertEqual(double(3), 6)

            """)
    }

    private func pin(_ arguments: String...) async throws -> OrketProgram.Ended {
        try await OrketProgram.run(["fixture", "pin"] + arguments)
    }

    @Test("pins what the reference passes, whole or not at all")
    func pins() async throws {
        try write()
        let wrong = try await pin(scratch.path, "--write")
        #expect(wrong.exitCode == 1 && wrong.talk.contains("test_double.T.test_three failed"), "\(wrong.talk)")
        #expect(HostFile.kind(scratch.path + "/pinned.txt") == .missing)
        let unpinned = try await OrketProgram.run(["verify", scratch.path])
        #expect(unpinned.exitCode == 2 && unpinned.talk.contains("orket fixture pin --write"), "\(unpinned.talk)")

        try write(controls: "controls: {reference: right.py}")
        let shown = try await pin(scratch.path)
        #expect(shown.exitCode == 0, "\(shown.talk)")
        #expect(shown.output == "test_double.T.test_three\ntest_double.T.test_two\n")
        #expect(try await pin(scratch.path, "--write").exitCode == 0)
        let bytes = try HostFile.contents(scratch.path + "/pinned.txt", maximumBytes: 1 << 16)
        #expect(String(decoding: bytes, as: UTF8.self) == shown.output)
        #expect(try await OrketProgram.run(["verify", scratch.path]).exitCode == 1)
        let right = try await OrketProgram.run(["verify", scratch.path, "--candidate", scratch.path + "/right.py"])
        #expect(right.exitCode == 0, "\(right.output)")
        // Its controls show that it can fail, as for every other kind.
        let proven = try await OrketProgram.run(["fixture", "prove", scratch.path])
        #expect(proven.exitCode == 0, "\(proven.output)\(proven.talk)")
    }

    @Test("what is no suite, and several fixtures at once, are refused")
    func refusesOthers() async throws {
        try write()
        try put(
            "fixture.yaml",
            "schema: 1\nid: a\nkind: cli\nwhy: w\nlanguage: bash\nsource: double.py\nrun: [bash]\ncases: [{id: x, expected: \"\"}]\n"
        )
        let other = try await pin(scratch.path)
        #expect(other.exitCode == 2 && other.talk.contains("only a suite has tests to pin"), "\(other.talk)")
        #expect(try await pin(scratch.path + "/gone").exitCode == 2)
    }
}
