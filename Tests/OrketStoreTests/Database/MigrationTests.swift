import OrketCore
import OrketStoreSamples
import OrketSystem
import Testing

@testable import OrketStore

@Suite("A file of an older schema is carried over, and only by the migrations that everybody has")
struct MigrationTests {
    private let place: StorePlace
    private let now = UTCTime(milliseconds: 1_764_000_000_000)

    init() throws { place = StorePlace() }

    private func schema(adding migrations: Migration...) -> StoreSchema {
        StoreSchema(
            applicationID: EvidenceSchema.applicationID, migrations: EvidenceSchema.current.migrations + migrations)
    }

    @Test("released migrations are never edited")
    func pinned() {
        let checksums = EvidenceSchema.current.migrations.map(\.checksum)
        #expect(
            checksums == [
                "710f088d60bb8f0359acbca77bda90268b304baa473d419d4a5563a70949def5",
                "3960c9ab3742a591003bf4a3955017a85f8f1dcaf523dab5e41241267850c6fe",
            ])
    }

    @Test("a copy is made before, nothing is lost, and the copy is a store by itself")
    func older() async throws {
        let before = try await place.open()
        for _ in 0..<5 { try await before.append(.sample()) }
        let later = schema(adding: Migration("notes", sql: "CREATE TABLE note (text TEXT NOT NULL) STRICT"))
        let file = try #require(try await StoreFile.open(place.path, schema: later, now: now, creates: false))
        let store = EvidenceStore(file: file)
        let report = try await store.verifyChain()
        #expect(report.chain.length == 5 && report.fault == nil)
        #expect(try await store.append(.sample()).sequence == 6)
        let journal =
            "print([r[0:2] for r in c.execute('SELECT * FROM migration')], c.execute('PRAGMA user_version').fetchone())"
        #expect(
            try await HostCommand.python(place.path, journal)
                == "[(1, 'evidence'), (2, 'pruning'), (3, 'notes')] (3,)\n")
        // The program of before does not touch it any more.
        #expect(await place.failure()?.code == .newer)
        let backup = place.path + ".schema-2.backup"
        let copy = try #require(try await EvidenceStore.open(backup, now: now, creates: false))
        let kept = try await copy.verifyChain()
        #expect(kept.fault == nil && kept.chain.length == 5)
        #expect(!place.names.contains { $0.contains("unfinished") })
    }

    @Test("a migration whose text changed is refused")
    func altered() async throws {
        _ = try await place.open()
        let first = EvidenceSchema.current.migrations[0]
        let edited = StoreSchema(
            applicationID: EvidenceSchema.applicationID,
            migrations: [Migration(first.name, sql: first.sql + " "), Migration("more", sql: "CREATE TABLE more (x)")])
        let error = await #expect(throws: StoreError.self) {
            try await StoreFile.open(place.path, schema: edited, now: now, creates: false)
        }
        #expect(error?.code == .altered && error?.reason.contains("migration 1 (evidence)") == true)
        #expect(place.names.filter { $0.contains("backup") }.isEmpty)
        #expect(try await place.open().verifyChain().fault == nil)
    }

    @Test("a migration that fails leaves the file as it was, with its copy")
    func failing() async throws {
        try await place.open().append(.sample())
        let broken = schema(
            adding: Migration("half", sql: "CREATE TABLE half (x); CREATE TABLE evidence (y)"))
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) {
                try await StoreFile.open(place.path, schema: broken, now: now, creates: false)
            }
            #expect(
                error?.code == .failed && error?.reason.contains("migration 3 (half)") == true,
                "\(error.debugDescription)")
        }
        let report = try await place.open().verifyChain()
        #expect(report.chain.length == 1 && report.fault == nil)
        #expect(place.names.contains("evidence.sqlite.schema-2.backup"))
    }

    @Test("a journal that does not fit the schema is damage")
    func journal() async throws {
        _ = try await place.open()
        try await HostCommand.python(
            place.path, "c.execute('DROP TRIGGER migrationIsNeverRemoved'); c.execute('DELETE FROM migration')")
        let error = await place.failure()
        #expect(error?.code == .corrupted && error?.reason.contains("journal of migrations") == true)
    }
}
