import OrketCore
import OrketStore
import OrketStoreSamples
import Testing

@Suite("Evidence is stored and found")
struct EvidenceStoreTests {
    private let place: StorePlace

    init() throws { place = StorePlace() }

    @Test("what was appended is there after opening the file again, byte for byte")
    func appends() async throws {
        let record = EvidenceRecord.sample(fixture: "a \"quoted\" \u{202e}name\n", detail: "x\u{0}\u{1b}[2J")
        let stored = try await place.open().append(record)
        #expect(stored.sequence == 1 && stored.previousHash == .zero && stored.body == record.body)
        let store = try await place.open()
        let found = try #require(try await store.list(limit: 10).first)
        #expect(found == stored)
        #expect(found.id == record.id && found.fixture == record.fixture && found.outcome == .failed)
        #expect(found.reason == .wrongOutput && found.digests == record.digests && found.cacheKey == record.cacheKey)
        #expect(found.recordedAt == record.recordedAt)
        #expect(place.names.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") } == ["evidence.sqlite"])
    }

    @Test("a store that is not there is not made by who only looks")
    func absent() async throws {
        #expect(try await EvidenceStore.open(place.path, now: UTCTime(milliseconds: 1), creates: false) == nil)
        #expect(place.names.isEmpty)
    }

    @Test("an empty store answers every question")
    func empty() async throws {
        let store = try await place.open()
        #expect(try await store.list(limit: 10).isEmpty)
        #expect(try await store.count() == 0)
        #expect(try await store.latest(fixture: "a") == nil)
        #expect(try await store.newest(cacheKey: .zero) == nil)
        #expect(try await store.record(idPrefix: "0") == nil)
        let report = try await store.verifyChain()
        #expect(report.chain.length == 0 && report.chain.head == .zero && report.fault == nil)
    }

    @Test("filters, counts and pages agree")
    func filters() async throws {
        let store = try await place.open()
        for index in 0..<30 {
            try await store.append(
                .sample(
                    fixture: "f\(index % 3)", outcome: index % 2 == 0 ? .passed : .rejected,
                    candidate: UInt8(index % 5),
                    cacheKey: UInt8(index % 4), atMs: Int64(1_000 + index)))
        }
        let filter = EvidenceFilter(
            fixture: "f1", candidate: .sample(2), outcome: .passed, since: UTCTime(milliseconds: 1_010))
        #expect(try await store.list(filter, limit: 10).map(\.sequence) == [23])
        #expect(try await store.count(filter) == 1)
        #expect(try await store.count(EvidenceFilter(outcome: .rejected)) == 15)
        #expect(try await store.latest(fixture: "f2")?.sequence == 30)
        #expect(try await store.latest(fixture: "f2", candidate: .sample(0))?.sequence == 21)
        #expect(try await store.latest(fixture: "f9") == nil)
        #expect(try await store.newest(cacheKey: .sample(3))?.sequence == 28)
        var pages: [[Int64]] = []
        var before: Int64?
        while let page = try? await store.list(limit: 12, before: before), let last = page.last {
            pages.append(page.map(\.sequence))
            before = last.sequence
        }
        #expect(pages.map(\.count) == [12, 12, 6] && pages.joined().elementsEqual((1...30).reversed().map(Int64.init)))
        #expect(try await store.page(after: 27, limit: 10).map(\.sequence) == [28, 29, 30])
        #expect(try await store.list(limit: -1).isEmpty)
    }

    @Test("an id is found by its beginning; one that fits several is an error that names them")
    func prefixes() async throws {
        let store = try await place.open()
        var ids: [EvidenceID] = []
        for _ in 0..<12 { ids.append(try await store.append(.sample()).id) }
        #expect(try await store.record(idPrefix: ids[3].text)?.id == ids[3])
        let shortest = try #require(
            (1...36).first { n in ids.count { $0.text.prefix(n) == ids[3].text.prefix(n) } == 1 })
        #expect(try await store.record(idPrefix: ids[3].text.prefix(shortest).uppercased())?.id == ids[3])
        // All were made for the same millisecond, so that they begin alike.
        let error = await #expect(throws: StoreError.self) {
            try await store.record(idPrefix: String(ids[3].text.prefix(8)))
        }
        #expect(error?.code == .ambiguous)
        #expect(ids.count { error?.reason.contains($0.text) == true } == 10)
        for prefix in ["", "ffffffff", "%", "' OR 1=1 --", "g", "é"] {
            #expect(try await store.record(idPrefix: prefix) == nil, "\(prefix)")
        }
    }

    @Test("a record that breaks a rule is refused as a whole")
    func refuses() async throws {
        let store = try await place.open()
        let first = EvidenceRecord.sample()
        try await store.append(first)
        var unreasoned = EvidenceRecord.sample()
        unreasoned.reasons = []
        var endless = EvidenceRecord.sample()
        endless.kernel = String(repeating: "x", count: 4 << 20)
        let long = EvidenceRecord.sample(fixture: String(repeating: "é", count: 129))
        for record in [first, unreasoned, endless, .sample(fixture: ""), long] {
            let error = await #expect(throws: StoreError.self) {
                try await store.append(record, blobs: [BlobReference(kind: .stdout, digest: .zero, bytes: 1)])
            }
            #expect(error?.code == .refused && error?.file == place.path)
        }
        await #expect(throws: StoreError.self) {
            try await store.append(.sample(), blobs: [BlobReference(kind: .stderr, digest: .zero, bytes: -1)])
        }
        #expect(try await store.count() == 1)
        #expect(try await store.verifyChain().fault == nil)
    }

    @Test("several records are stored all or none, in their order")
    func together() async throws {
        let store = try await place.open()
        let records = (0..<5).map { EvidenceRecord.sample(fixture: "f\($0)") }
        let stored = try await store.append(records.map { ($0, []) })
        #expect(stored.map(\.id) == records.map(\.id) && stored.map(\.sequence) == [1, 2, 3, 4, 5])
        let more: [EvidenceRecord] = [.sample(), .sample(), records[2], .sample()]
        let error = await #expect(throws: StoreError.self) { try await store.append(more.map { ($0, []) }) }
        #expect(error?.code == .refused)
        #expect(try await store.append([]).isEmpty)
        let report = try await store.verifyChain()
        #expect(report.chain.length == 5 && report.fault == nil)
    }

    @Test("receipts and references to blobs stay with their record")
    func companions() async throws {
        let store = try await place.open()
        let blobs = [
            BlobReference(kind: .stdout, digest: .sample(1), bytes: 10),
            BlobReference(kind: .artefact, digest: .sample(2), bytes: 0),
        ]
        let id = try await store.append(.sample(), blobs: blobs).id
        let other = try await store.append(.sample()).id
        for envelope in ["{\"a\":1}", "{\"b\":2}", "{\"a\":1}"] { try await store.addReceipt(envelope, to: id) }
        #expect(try await store.receipts(of: id) == ["{\"a\":1}", "{\"b\":2}"])
        #expect(try await store.receipts(of: other).isEmpty)
        #expect(try await store.blobs(of: other).isEmpty)
        #expect(try await store.blobs(of: id) == blobs)
        let stranger = EvidenceRecord.sample().id
        let error = await #expect(throws: StoreError.self) { try await store.addReceipt("{}", to: stranger) }
        #expect(error?.code == .refused)
    }
}
