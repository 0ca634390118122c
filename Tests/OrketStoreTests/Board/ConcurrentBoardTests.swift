import Glibc
import OrketCore
import OrketStoreSamples
import OrketSystem
import Testing

@testable import OrketStore

@Suite("No change of a card is lost, whoever dies and whoever writes at the same time", .serialized)
struct ConcurrentBoardTests {
    private let place = StorePlace()

    /// Versions that drivers said they had written.
    private static func acknowledged(_ text: String) -> [Int64] {
        var versions: [Int64] = []
        // A process that was killed may have stopped within a line.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            if words.count == 3, words[0] == "changed", let version = Int64(words[2]) { versions.append(version) }
        }
        return versions
    }

    private func start(_ count: Int) throws -> HostCommand {
        try HostCommand([HostCommand.driver, "board", place.boardPath, String(count)])
    }

    @Test("four processes change one card at once, the first of which makes the board: no update is lost")
    func together() async throws {
        let drivers = try (0..<4).map { _ in try start(40) }
        var versions: [Int64] = []
        for driver in drivers {
            let end = await driver.finished()
            #expect(end.status == 0, "\(end.text)")
            versions += Self.acknowledged(end.text)
        }
        #expect(versions.sorted() == Array(2...161))
        let store = try await place.board()
        let card = try #require(try await store.card(BoardSample.id("schema")))
        #expect(card.version == 161)
        let events = try await store.events(of: card.id, limit: 999)
        #expect(events.map(\.version) == Array(1...161) && events.last?.to == card.status)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.to == $1.from })
    }

    @Test("kill -9 at random moments: status and history agree, and what was acknowledged is there")
    func killed() async throws {
        var last: Int64 = 0
        for round in 0..<15 {
            let driver = try start(0)
            if round % 3 != 0 { #expect(await eventually { driver.written.contains("changed") }) }
            try await Task.sleep(nanoseconds: UInt64.random(in: 0...40_000_000))
            driver.kill()
            last = max(last, Self.acknowledged(await driver.finished().text).max() ?? 0)
        }
        let store = try await place.board()
        let card = try #require(try await store.card(BoardSample.id("schema")))
        #expect(card.version >= last && last > 10)
        let events = try await store.events(of: card.id, limit: 100_000)
        #expect(events.map(\.version) == Array(1...card.version) && events.last?.to == card.status)
        #expect(try await store.count() == 4)
    }

    @Test("a full disk is said, loses nothing, and with room it goes on", .enabled(if: Process.userID == 0))
    func full() async throws {
        let script = """
            mount -t tmpfs -o size=3m none $0
            "$1" board $0/board.sqlite 1
            head -c 2000000 /dev/zero > $0/ballast
            "$1" board $0/board.sqlite 0 && exit 9
            rm $0/ballast
            "$1" board $0/board.sqlite 1
            """
        let end = try await HostCommand.run([
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script, place.directory,
            HostCommand.driver,
        ])
        #expect(end.status == 0, "\(end.text)")
        let said = end.lines.filter { !$0.hasPrefix("changed") }
        #expect(said.count == 1 && said[0].contains("there is no room on its disk"), "\(said)")
        let versions = Self.acknowledged(end.text)
        #expect(versions == Array(2..<Int64(versions.count + 2)) && versions.count > 10, "\(end.text)")
    }

    @Test("a board that another process holds is locked, with a sentence, and stays as it is")
    func locked() async throws {
        let store = try await place.board(busyTimeout: 0.1)
        try await store.define(BoardSample.definitions(), stamp: "1", by: BoardSample.person, at: BoardSample.now)
        let writer = try HostCommand.start(
            python: place.boardPath, "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(600)")
        #expect(await eventually { writer.written.contains("held") })
        let card = try #require(try await store.card(BoardSample.id("schema")), "reading goes on")
        let error = await #expect(throws: WorkStoreFailure.self) {
            try await store.change(BoardSample.request(card, .move(.inProgress)))
        }
        guard case .unavailable(let sentence) = error else { throw error! }
        #expect(sentence.contains("is locked by another process"))
        writer.kill()
        _ = await writer.finished()
        #expect(try await store.change(BoardSample.request(card, .move(.inProgress))).version == 2)
    }
}
