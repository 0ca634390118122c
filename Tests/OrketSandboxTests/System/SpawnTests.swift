import Glibc
import OrketSystem
import Testing

@Suite("Helper programs get the descriptors that they are given", .serialized)
struct SpawnTests {
    private static func run(_ script: String, stdin: Int32 = -1, stdout: Int32, stderr: Int32) throws -> Int32? {
        let pid = try Process.spawn(
            "/bin/sh", arguments: ["-c", script], environment: [], stdin: stdin, stdout: stdout, stderr: stderr)
        return Process.reap(pid, wait: true)
    }

    /// Whatever number a descriptor has here, low or high, it may be the target of another.
    @Test("every stream arrives where it was meant to, whatever the numbers are")
    func everyNumber() throws {
        let files = try (0..<160).map { _ in try MemoryFile(name: "stream") }
        for index in files.indices.dropFirst(2) {
            let (input, out, error) = (files[index - 2], files[index], files[index - 1])
            try input.descriptor.writeAll(Array("in\(index)".utf8))
            lseek(input.descriptor.raw, 0, SEEK_SET)
            let status = try Self.run(
                "cat; echo err >&2", stdin: input.descriptor.raw, stdout: out.descriptor.raw,
                stderr: error.descriptor.raw)
            #expect(status == 0)
            #expect(Files.reread(out.descriptor) == "in\(index)", "\(out.descriptor.raw)")
            #expect(Files.reread(error.descriptor) == "err\n", "\(error.descriptor.raw)")
            for file in [input, out, error] {
                ftruncate(file.descriptor.raw, 0)
                lseek(file.descriptor.raw, 0, SEEK_SET)
            }
        }
    }

    @Test("nothing else is open, and stdin that was not given is empty")
    func nothingElse() throws {
        let (out, error) = (try MemoryFile(name: "out"), try MemoryFile(name: "error"))
        let status = try Self.run(
            "cat; echo /proc/self/fd/*", stdout: out.descriptor.raw, stderr: error.descriptor.raw)
        #expect(status == 0)
        // The shell has the directory itself open while it looks.
        #expect(Files.reread(out.descriptor).hasPrefix("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2"))
        #expect(Files.reread(out.descriptor).split(separator: " ").count <= 4)
        #expect(Files.reread(error.descriptor) == "")
    }
}
