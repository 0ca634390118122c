import Glibc
import OrketSystem
import OrketTestSupport
import Testing

@Suite("Files that are replaced")
struct ReplaceTests {
    @Test("a reader finds the old content or the new one, whole, however often it changes", .timeLimit(.minutes(20)))
    func isAtomic() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let file = directory.path + "/report"
        let contents = [UInt8(ascii: "a"), UInt8(ascii: "b")].map { [UInt8](repeating: $0, count: 1 << 20) }
        try Files.replace(file, contents[0])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for turn in 1...40 { try Files.replace(file, contents[turn % 2]) } }
            group.addTask {
                for _ in 1...40 {
                    let seen = try Files.read(file, limit: 2 << 20)
                    #expect(seen == contents[0] || seen == contents[1])
                }
            }
            try await group.waitForAll()
        }
        #expect(try Files.names(in: directory.path) == ["report"])
    }

    @Test("a link is followed, a directory is refused, and what is no regular file is written to as it is")
    func kinds() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        func path(_ name: String) -> String { "\(directory.path)/\(name)" }
        try Files.replace(path("target"), Array("old".utf8))
        #expect(chmod(path("target"), 0o640) == 0)
        #expect(symlink(path("target"), path("link")) == 0)
        try Files.replace(path("link"), Array("new".utf8))
        #expect(try Files.text(path("target")) == "new" && Files.readLink(path("link")) == path("target"))
        var status = stat()
        #expect(stat(path("target"), &status) == 0 && status.st_mode & 0o777 == 0o640, "its mode stays")
        #expect(Files.replaceProblem(directory.path) == "is a directory")
        #expect(throws: SystemError.self) { try Files.replace(directory.path, []) }
        #expect(Files.replaceProblem("/dev/null") == nil)
        try Files.replace("/dev/null", Array("x".utf8))
        #expect(Files.replaceProblem(path("no/file"))?.hasPrefix("cannot be made") == true)
        #expect(throws: SystemError.self) { try Files.replace("/dev/full", Array("x".utf8)) }
    }
}
