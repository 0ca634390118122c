import Glibc
import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

/// One thing that a candidate may leave in its workspace in place of an honest file.
struct HostileOutput: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var argv: [String]
    /// What the rejection must say; the name must be in it, escaped.
    var detail: String
    /// What would not even let it be made.
    var without: Set<Protection>

    init(_ name: String, _ argv: [String], _ detail: String, without: Set<Protection> = []) {
        testDescription = name
        self.argv = argv
        self.detail = detail
        self.without = without
    }

    init(_ name: String, shell: String, _ detail: String) { self.init(name, ["sh", "-c", shell], detail) }

    static let all: [HostileOutput] = [
        .init("a link to a host file", shell: "ln -s /etc/passwd out", "out: is a symbolic link"),
        .init("a link to nothing", shell: "ln -s nowhere out", "out: is a symbolic link"),
        .init("a link to a directory", shell: "ln -s / out", "out: is a symbolic link"),
        .init("a magic link", shell: "ln -s /proc/self/fd/0 out", "out: is a symbolic link"),
        .init("a device", [Probe.target, "device", "out"], "out: is a character device", without: [.landlock]),
        .init("a FIFO", [Probe.target, "fifo", "out"], "out: is a FIFO"),
        .init("a socket", [Probe.target, "socket", "out"], "out: is a socket"),
        .init("two names for one file", shell: "echo x > out; ln out other", "out: has 2 hard links"),
        .init("too many bytes", [Probe.target, "file", "out", "1048577"], "out: 1048577 bytes, more than 1048576"),
        .init("a line break in a name", shell: "echo x > \"$(printf 'o\\nk')\"", "badly named entry o\\u{a}k"),
        .init("an escape in a name", shell: "echo x > \"$(printf '\\033[2J')\"", "badly named entry \\u{1b}[2J"),
        .init("a name that is no text", shell: "echo x > \"$(printf 'o\\377')\"", "badly named entry o\\u{fffd}"),
        .init("a badly named directory", shell: "mkdir \"$(printf 'o\\tk')\"", "badly named entry o\\u{9}k"),
        .init("a deep tree", [Probe.target, "deep", "40"], "deeper than 32 directories"),
        .init("too many files", [Probe.target, "files", "40"], "more than 32 files"),
        .init("a directory that nobody may read", shell: "mkdir -m 0 out", "out: "),
    ]
}

@Suite("What a program leaves behind is collected or refused")
struct CollectTests {
    private static let bounds = CollectBounds(maximumFiles: 32, maximumBytes: 1 << 20)

    @Test("nothing but plain files is taken from a workspace", arguments: HostileOutput.all)
    func rejects(_ output: HostileOutput) async throws {
        let path = try await Probe.path
        let policy = TestPolicy.make { $0.mounts.append(.init(source: path, target: Probe.target, why: "this test")) }
        let result = try await TestSupervisor.run(output.argv, policy: policy, without: output.without) {
            $0.collectAll = Self.bounds
        }
        if output.testDescription.contains("nobody may read"), result.outcome == .passed {
            // Root reads it all the same, and then it is an empty directory like any other.
            #expect(Process.userID == 0)
            return
        }
        #expect(result.exit == .exited(0), "\(result.stderr.text)")
        #expect(result.outcome == .rejected)
        #expect(Set(result.reasons.map(\.code)) == [.artifactRejected])
        #expect(result.reasons.contains { $0.detail.contains(output.detail) }, "\(result.reasons)")
        #expect(result.reasons.allSatisfy { $0.detail.utf8.allSatisfy { (0x20..<0x7f).contains($0) } })
        #expect(!result.outputs.contains { $0.path == "out" })
    }

    @Test("asked for by name they are refused as well", arguments: HostileOutput.all.prefix(9))
    func rejectsByName(_ output: HostileOutput) async throws {
        let path = try await Probe.path
        let policy = TestPolicy.make { $0.mounts.append(.init(source: path, target: Probe.target, why: "this test")) }
        let result = try await TestSupervisor.run(output.argv, policy: policy, without: output.without) {
            $0.outputs = [OutputFile(path: "out", maximumBytes: 1 << 20)]
        }
        #expect(result.outcome == .rejected)
        #expect(result.reasons.map(\.code) == [.artifactRejected])
        #expect(result.reasons.contains { $0.detail.contains(output.detail) }, "\(result.reasons)")
        #expect(result.outputs.isEmpty)
    }

    @Test("a link in the middle of a path is not followed, a directory is no file")
    func rejectsParts() async throws {
        let result = try await TestSupervisor.run(["sh", "-c", "ln -s /etc link; mkdir directory"]) {
            $0.outputs = [OutputFile(path: "link/passwd"), OutputFile(path: "directory")]
        }
        #expect(result.outcome == .rejected)
        #expect(
            Set(result.reasons.map(\.detail)) == ["link/passwd: leads through a link", "directory: is a directory"])
    }

    @Test("plain files are collected with their bytes and their mode, the rest of the tree is left alone")
    func collects() async throws {
        let script = "mkdir -p a/b; printf one > a/b/1; printf 'two' > 2; chmod +x 2; printf 'naïve' > 'ü \"$x'"
        let result = try await TestSupervisor.run(["sh", "-c", script]) {
            $0.inputs = [InputFile(path: "in/given", bytes: Array("given".utf8))]
            $0.collectAll = Self.bounds
        }
        #expect(result.outcome == .passed)
        let found = Dictionary(uniqueKeysWithValues: result.outputs.map { ($0.path, $0) })
        #expect(Set(found.keys) == ["a/b/1", "2", "ü \"$x", "in/given"])
        #expect(found["a/b/1"]?.bytes == Array("one".utf8))
        #expect(found["a/b/1"]?.executable == false)
        #expect(found["2"]?.executable == true)
        #expect(found["in/given"]?.bytes == Array("given".utf8))
    }

    @Test("what was not made is missing when the program says that all is well, and only then")
    func missing() async throws {
        let wanted = [OutputFile(path: "out"), OutputFile(path: "maybe", optional: true)]
        let well = try await TestSupervisor.run(["true"]) { $0.outputs = wanted }
        #expect(well.outcome == .failed)
        #expect(well.reasons.map(\.code) == [.artifactMissing])
        let ill = try await TestSupervisor.run(["sh", "-c", "exit 3"]) { $0.outputs = wanted }
        #expect(ill.reasons.map(\.code) == [.nonzeroExit])
    }

    @Test("a daemon that swaps the output for a link is dead before anybody looks")
    func swapBySurvivor() async throws {
        for _ in 0..<10 {
            let wanted = [OutputFile(path: "out", optional: true)]
            let result = try await Probe.run(["flip-as-daemon", "out", "20"], request: { $0.outputs = wanted })
            for file in result.outputs { #expect(file.bytes.allSatisfy { $0 == UInt8(ascii: "x") }) }
            #expect(result.outcome == .passed || result.reasons.map(\.code) == [.artifactRejected])
        }
    }

    @Test("a swap at the very moment of the look leads nowhere either")
    func swapUnderTheCollector() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let flipper = try HostProgram([try await Probe.path, "flip", "\(directory.path)/out"])
        let workspace = Workspace(directory: try Files.open(directory.path, directoryOnly: true))
        var kinds: Set<String> = []
        for look in 0..<1_000_000 {
            // On a busy machine the other side may not run for thousands of looks.
            if look >= 5_000, kinds.count == 2 { break }
            let collection = workspace.collect([OutputFile(path: "out", optional: true)], all: nil)
            for file in collection.files {
                #expect(file.bytes.allSatisfy { $0 == UInt8(ascii: "x") })
                kinds.insert("file")
            }
            if !collection.rejected.isEmpty { kinds.insert("rejected") }
        }
        flipper.kill()
        _ = await flipper.finished()
        // Else the race was never run.
        #expect(kinds == ["file", "rejected"])
    }

    @Test(
        "a path that is not the workspace's own is refused before anything runs",
        arguments: ["", "/etc/passwd", "../out", "a/../../out", "a//b", "a/", ".", "nul\0byte"])
    func badRequests(_ path: String) async throws {
        await #expect(throws: SandboxError.self) {
            try await TestSupervisor.run(["true"]) { $0.outputs = [OutputFile(path: path)] }
        }
        await #expect(throws: SandboxError.self) {
            try await TestSupervisor.run(["true"]) { $0.inputs = [InputFile(path: path, bytes: [])] }
        }
    }
}
