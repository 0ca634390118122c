import Glibc
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem
import Testing

@Suite("No acknowledged record is lost, whoever dies and whoever writes at the same time", .serialized)
struct ConcurrentAppendTests {
    private let place: StorePlace

    init() throws { place = StorePlace() }

    /// Ids that drivers said were stored, with the sequence numbers that they said.
    private static func acknowledged(_ text: String) -> [String: Int64] {
        // A process that was killed may have stopped within a line.
        let complete = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let pairs = complete.map { $0.split(separator: " ") }.filter { $0.first == "appended" && $0.count == 3 }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[1]), Int64($0[2])!) })
    }

    private func sequences() async throws -> [String: Int64] {
        let store = try await place.open()
        var all: [String: Int64] = [:]
        var last: Int64 = 0
        while let page = try? await store.page(after: last, limit: 1_000), let end = page.last {
            for record in page { all[record.id.text] = record.sequence }
            last = end.sequence
        }
        return all
    }

    @Test("kill -9 at random moments, also while the store is made")
    func killed() async throws {
        var acknowledged: [String: Int64] = [:]
        var kills = 0
        for round in 0..<40 {
            let driver = try HostCommand([HostCommand.driver, "append", place.path, "0"])
            // Some before the first record, some in the middle of many.
            if round % 4 != 0 { #expect(await eventually { driver.written.contains("appended") }) }
            try await Task.sleep(nanoseconds: UInt64.random(in: 0...60_000_000))
            driver.kill()
            let end = await driver.finished()
            if end.status == SIGKILL { kills += 1 }
            acknowledged.merge(Self.acknowledged(end.text)) { $1 }
        }
        #expect(kills == 40)
        #expect(acknowledged.count >= 30)
        let stored = try await sequences()
        for (id, sequence) in acknowledged { #expect(stored[id] == sequence, "\(id)") }
        let report = try await place.open().verifyChain()
        #expect(report.fault == nil && report.chain.length == Int64(stored.count))
        // What was stored and not acknowledged is at most one record a kill.
        #expect(stored.count <= acknowledged.count + 40)
        #expect(!place.names.contains { $0.contains("unfinished") })
        #expect(
            try await HostCommand.python(place.path, "print(c.execute('PRAGMA integrity_check').fetchone())")
                == "('ok',)\n")
    }

    @Test("kill -9 before there is a store leaves none or a whole one")
    func killedAtBirth() async throws {
        for _ in 0..<20 {
            let birth = StorePlace()
            let driver = try HostCommand([HostCommand.driver, "append", birth.path, "0"])
            try await Task.sleep(nanoseconds: UInt64.random(in: 5_000_000...60_000_000))
            driver.kill()
            let acknowledged = Self.acknowledged(await driver.finished().text)
            let report = try await birth.open().verifyChain()
            #expect(report.fault == nil && report.chain.length >= Int64(acknowledged.count))
            #expect(!birth.names.contains { $0.contains("unfinished") })
        }
    }

    @Test("four processes append at once, the first of which makes the store: nothing is lost, the chain is one line")
    func together() async throws {
        let drivers = try (0..<4).map { _ in try HostCommand([HostCommand.driver, "append", place.path, "60"]) }
        var acknowledged: [String: Int64] = [:]
        for driver in drivers {
            let end = await driver.finished()
            #expect(end.status == 0, "\(end.text)")
            acknowledged.merge(Self.acknowledged(end.text)) { $1 }
        }
        #expect(acknowledged.count == 240)
        #expect(Set(acknowledged.values) == Set(1...240))
        #expect(try await sequences() == acknowledged)
        let store = try await place.open()
        #expect(try await store.verifyChain().chain.length == 240)
        for driver in drivers {
            #expect(try await store.count(EvidenceFilter(fixture: "by-\(driver.pid)")) == 60)
        }
    }

    @Test("a walk along a long chain takes no more memory than along a short one")
    func boundedMemory() async throws {
        func peak() async throws -> Int {
            let end = try await HostCommand.run([HostCommand.driver, "measure", place.path])
            let line = try #require(end.lines.last, "\(end.text)")
            return try #require(Int(line.dropFirst("peak ".count)), "\(end.text)")
        }
        let store = try await place.open()
        let detail = String(repeating: "x", count: 200_000)
        try await store.append(.sample(detail: detail))
        let short = try await peak()
        for _ in 0..<15 { try await store.append((0..<10).map { _ in (.sample(detail: detail), []) }) }
        // 60 MB of records: each holds the text twice.
        #expect(try await peak() < short + 16 << 10)
        #expect(short > 1_000)
    }

    @Test("a task that is cancelled while it appends stores the record all the same")
    func cancelled() async throws {
        let store = try await place.open()
        let task = Task { try await store.append(.sample()).sequence }
        task.cancel()
        #expect(try await task.value == 1)
    }
}
