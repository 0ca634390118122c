import Glibc
import OrketCLI
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem
import Testing

@Suite("Where evidence is kept")
struct EvidenceLocationTests {
    private let scratch = ScratchDirectory()

    @Test("in a directory that outlives the host's next start, unless told otherwise")
    func place() throws {
        func path(_ userID: UInt32, _ variables: [String: String]) throws -> String {
            try LastingState.directory(userID: userID) { variables[$0] }
        }
        let home = ["HOME": "/u/a", "XDG_STATE_HOME": "relative"]
        #expect(try path(0, home) == "/var/lib/orket")
        #expect(try path(7, home) == "/u/a/.local/state/orket")
        for user: UInt32 in [0, 7] { #expect(try path(user, ["XDG_STATE_HOME": "/s"]) == "/s/orket") }
        #expect(try path(0, ["ORKET_STATE_DIR": "/x"]) == "/x")
        for bad in ["", "/", "x"] {
            #expect(throws: InvalidInput.self) { try path(7, ["ORKET_STATE_DIR": bad]) }
        }
        #expect(EvidenceLocation(state: "/x").path == "/x/evidence/evidence.sqlite")
    }

    private var location: EvidenceLocation { EvidenceLocation(state: scratch.path + "/state") }

    @Test("directories are made for this user only")
    func makes() async throws {
        #expect(try await location.openExisting() == nil)
        let stored = try await location.openOrCreate().append(.sample())
        #expect(try await location.openExisting()?.list(limit: 5) == [stored])
        for directory in ["/state", "/state/evidence"] {
            #expect(Files.isPrivateDirectory(scratch.path + directory, owner: Process.userID))
        }
        var status = stat()
        #expect(stat(location.path, &status) == 0 && status.st_mode & 0o077 == 0)
    }

    @Test("a directory that others can write, or a link, is refused")
    func refuses() async throws {
        let state = try scratch.makeDirectory("state", mode: 0o700)
        _ = try scratch.makeDirectory("other", mode: 0o700)
        symlinkFile("../other", state + "/evidence")
        let link = await #expect(throws: EvidenceFailure.self) { try await location.openOrCreate() }
        #expect(link?.reason.hasPrefix(state + "/evidence is not a directory of this user") == true)
        Files.remove(state + "/evidence")
        _ = try scratch.makeDirectory("state/evidence", mode: 0o770)
        let open = await #expect(throws: EvidenceFailure.self) { try await location.openOrCreate() }
        #expect(open?.hint.contains("ORKET_STATE_DIR") == true)
        #expect(try Files.names(in: state + "/evidence").isEmpty && Files.names(in: scratch.path + "/other").isEmpty)
    }
}
