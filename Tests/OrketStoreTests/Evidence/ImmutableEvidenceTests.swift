import OrketCore
import OrketStore
import OrketStoreSamples
import Testing

@Suite("No record is changed or removed, and who does it all the same is found")
struct ImmutableEvidenceTests {
    private let place: StorePlace

    init() throws { place = StorePlace() }

    /// A store of five records with a receipt and a blob, closed.
    private func filled() async throws {
        let store = try await place.open()
        for index in 1...5 {
            let stored = try await store.append(
                .sample(fixture: "f\(index)"), blobs: [BlobReference(kind: .stdout, digest: .sample(9), bytes: 42)])
            try await store.addReceipt("{}", to: stored.id)
        }
    }

    @Test(
        "SQLite itself refuses it to any program",
        arguments: [
            "UPDATE evidence SET body = replace(body, 'failed', 'passed')", "UPDATE evidence SET hash = previousHash",
            "UPDATE evidence SET outcome = 'passed'", "DELETE FROM evidence", "DELETE FROM evidence WHERE sequence = 5",
            "UPDATE OR REPLACE evidence SET sequence = 1 WHERE sequence = 2",
            "INSERT OR REPLACE INTO evidence (sequence, body, previousHash, hash) SELECT 2, body, previousHash, hash FROM "
                + "evidence WHERE sequence = 2",
            "INSERT OR REPLACE INTO evidence (sequence, body, previousHash, hash) SELECT 6, body, hash, printf('%064x', 1) "
                + "FROM evidence WHERE sequence = 5",
            "INSERT INTO evidence (sequence, body, previousHash, hash) SELECT 7, body, hash, printf('%064x', 1) "
                + "FROM evidence WHERE sequence = 5",
            "INSERT INTO evidence (sequence, body, previousHash, hash) SELECT 6, '{}', hash, printf('%064x', 1) "
                + "FROM evidence WHERE sequence = 5",
            "UPDATE receipt SET envelope = 'x'", "DELETE FROM receipt", "REPLACE INTO receipt SELECT * FROM receipt",
            "UPDATE blob SET bytes = 0", "DELETE FROM blob", "REPLACE INTO blob SELECT * FROM blob",
            "UPDATE migration SET checksum = printf('%064x', 1)", "DELETE FROM migration",
        ])
    func refused(_ statement: String) async throws {
        try await filled()
        let text = try await HostCommand.python(
            place.path,
            """
            before = list(c.iterdump())
            try:
                c.execute(\"\"\"\(statement)\"\"\")
                print('done')
            except sqlite3.Error as error:
                print('refused', error)
            assert list(c.iterdump()) == before
            """)
        #expect(text.hasPrefix("refused "), "\(text)")
        #expect(try await place.open().verifyChain().chain.length == 5)
    }

    /// What somebody with the file in his hands does, and where it must be found.
    struct Tampering: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: String
        var sequence: Int64?
        var reason: String

        init(_ name: String, _ script: String, at sequence: Int64?, _ reason: String) {
            testDescription = name
            self.script = script
            self.sequence = sequence
            self.reason = reason
        }
    }

    private static let openly =
        "c.execute('DROP TRIGGER evidenceIsKept'); c.execute('DROP TRIGGER evidenceIsNeverRemoved')\n"
    /// Puts the triggers back afterwards, so that only the chain can tell.
    private static func secretly(_ script: String) -> String {
        """
        kept = c.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in kept: c.execute('DROP TRIGGER ' + name)
        \(script)
        for _, sql in kept: c.execute(sql)
        """
    }

    /// Changes the bytes of the file with no help of SQLite. `start` finds the body around a text.
    private static func onDisk(_ expression: String) -> String {
        """
        c.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        c.close()
        with open(sys.argv[1], 'rb') as file: data = file.read()
        def start(text): return data.rindex(b'{\"assurance\"', 0, data.index(b'\"fixture\":' + text))
        changed = \(expression)
        assert changed != data and len(changed) == len(data)
        with open(sys.argv[1], 'wb') as file: file.write(changed)
        """
    }

    static let tamperings = [
        Tampering(
            "a body",
            secretly("c.execute(\"UPDATE evidence SET body = replace(body, 'f3', 'f4') WHERE sequence = 3\")"),
            at: 3, "its content does not fit its hash"),
        Tampering(
            "an outcome in the body",
            secretly(
                "c.execute(\"UPDATE evidence SET body = replace(body, 'failed', 'cancelled') WHERE sequence = 1\")"),
            at: 1, "its content does not fit its hash"),
        Tampering(
            "a byte of a body on the disk", onDisk("data.replace(b'\"fixture\":\"f4\"', b'\"fixture\":\"f5\"')"), at: 4,
            "its content does not fit its hash"),
        Tampering(
            "a body on the disk that is no JSON any more",
            onDisk("data[:start(b'\"f2\"')] + b' ' + data[start(b'\"f2\"') + 1:]"), at: 2,
            "it cannot be read: malformed JSON"),
        Tampering(
            "a hash", secretly("c.execute(\"UPDATE evidence SET hash = printf('%064x', 5) WHERE sequence = 5\")"),
            at: 5, "its content does not fit its hash"),
        Tampering(
            "a predecessor",
            secretly("c.execute(\"UPDATE evidence SET previousHash = printf('%064x', 5) WHERE sequence = 2\")"),
            at: 2, "it follows another record than the one before it"),
        Tampering(
            "a record taken out",
            secretly("c.execute('PRAGMA foreign_keys = 0'); c.execute('DELETE FROM evidence WHERE sequence = 2')"),
            at: 2, "it is missing, record 3 stands in its place"),
        Tampering(
            "the first record taken out", secretly("c.execute('DELETE FROM evidence WHERE sequence = 1')"), at: 1,
            "it is missing, record 2 stands in its place"),
        Tampering(
            "two records exchanged",
            secretly(
                """
                c.execute('UPDATE evidence SET sequence = 9 WHERE sequence = 2')
                c.execute('UPDATE evidence SET sequence = 2 WHERE sequence = 3')
                c.execute('UPDATE evidence SET sequence = 3 WHERE sequence = 9')
                """), at: 2, "it follows another record than the one before it"),
        Tampering(
            "a trigger", "c.execute('DROP TRIGGER evidenceIsKept')", at: nil,
            "the trigger evidenceIsKept is missing"),
        Tampering(
            "a trigger that does nothing",
            "c.execute('DROP TRIGGER evidenceIsKept')\n"
                + "c.execute('CREATE TRIGGER evidenceIsKept BEFORE UPDATE ON evidence BEGIN SELECT 1; END')",
            at: nil, "the trigger evidenceIsKept was changed"),
        Tampering(
            "a table of a stranger", "c.execute('CREATE TABLE x (y)')", at: nil, "the table x was added"),
        Tampering(
            "an index that says something else",
            """
            c.execute('PRAGMA writable_schema = 1')
            c.execute("UPDATE sqlite_schema SET sql = replace(sql, '(cacheKey)', '(fixture)') WHERE name = 'evidenceByCacheKey'")
            c.execute('PRAGMA writable_schema = RESET')
            c.execute('REINDEX')
            c.execute('PRAGMA writable_schema = 1')
            c.execute("UPDATE sqlite_schema SET sql = replace(sql, '(fixture)', '(cacheKey)') WHERE name = 'evidenceByCacheKey'")
            """, at: nil, "SQLite finds the file damaged: "),
    ]

    @Test("tampering is found at its place", arguments: tamperings)
    func found(_ tampering: Tampering) async throws {
        try await filled()
        #expect(try await place.open().verifyChain().fault == nil)
        try await HostCommand.python(place.path, tampering.script)
        let fault = try #require(try await place.open().verifyChain().fault)
        #expect(fault.sequence == tampering.sequence)
        #expect(fault.reason.hasPrefix(tampering.reason), "\(fault.reason)")
    }

    @Test("a page that is damaged on the disk is found")
    func damagedPage() async throws {
        let store = try await place.open()
        for _ in 0..<40 { try await store.append(.sample()) }
        // Brings everything into the file, then spoils what comes after the header, page by page.
        let pages = try await HostCommand.python(
            place.path,
            """
            c.execute('PRAGMA wal_checkpoint(TRUNCATE)')
            root = c.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'evidence'").fetchone()[0]
            size = c.execute('PRAGMA page_size').fetchone()[0]
            c.close()
            with open(sys.argv[1], 'r+b') as file:
                file.seek((root - 1) * size)
                file.write(bytes(size))
            print(root)
            """)
        let fault = try #require(try await place.open().verifyChain().fault)
        #expect(fault.sequence == 1 && fault.reason.hasPrefix("it cannot be read: "), "\(pages) \(fault.reason)")
    }

    @Test("a chain that is longer than one transaction is walked to its end")
    func longChain() async throws {
        let store = try await place.open()
        for _ in 0..<1_203 { try await store.append(.sample()) }
        let report = try await store.verifyChain()
        #expect(report.chain.length == 1_203 && report.fault == nil)
        #expect(report.chain.head == (try await store.list(limit: 1).first?.hash))
        try await HostCommand.python(
            place.path, Self.openly + "c.execute(\"UPDATE evidence SET body = body || ' ' WHERE sequence = 1100\")")
        #expect(try await store.verifyChain().fault?.sequence == 1_100)
    }
}
