/// Tables of evidence. What a query needs of a record is computed by SQLite from its body, so it cannot say anything else
/// than the record that is hashed; only the chain has columns of its own.
enum EvidenceSchema {
    /// "ORKT" in ASCII.
    static let applicationID: Int32 = 0x4f52_4b54

    static let current = StoreSchema(applicationID: applicationID, migrations: [first, pruning])

    /// Triggers speak even to a connection that was opened by another program. The trigger on INSERT also closes the way
    /// of INSERT OR REPLACE, which deletes a row without asking the trigger on DELETE.
    private static let first = Migration(
        "evidence",
        sql: """
            CREATE TABLE evidence (
                sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
                body TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) <= 4194304),
                previousHash TEXT NOT NULL UNIQUE \(hex("previousHash")),
                hash TEXT NOT NULL UNIQUE \(hex("hash")),
                id TEXT NOT NULL \(from("id")) UNIQUE
                    CHECK (typeof(id) = 'text' AND length(id) = 36 AND id NOT GLOB '*[^0-9a-f-]*'),
                recordedAtMs INTEGER NOT NULL \(from("recordedAtMs")) CHECK (typeof(recordedAtMs) = 'integer'),
                fixture TEXT NOT NULL \(from("fixture"))
                    CHECK (typeof(fixture) = 'text' AND length(CAST(fixture AS BLOB)) BETWEEN 1 AND 256),
                outcome TEXT NOT NULL \(from("outcome"))
                    CHECK (outcome IN ('passed', 'failed', 'rejected', 'inconclusive', 'cancelled')),
                reason TEXT \(from("reasons[0].code")) CHECK ((reason IS NULL) = (outcome = 'passed')),
                assurance TEXT NOT NULL \(from("assurance")) CHECK (assurance IN ('split', 'blackbox', 'in_process')),
                candidateDigest TEXT NOT NULL \(from("digests.candidate")) \(hex("candidateDigest")),
                fixtureDigest TEXT NOT NULL \(from("digests.fixture")) \(hex("fixtureDigest")),
                policyDigest TEXT NOT NULL \(from("digests.policy")) \(hex("policyDigest")),
                planDigest TEXT NOT NULL \(from("digests.plan")) \(hex("planDigest")),
                toolchainDigest TEXT NOT NULL \(from("digests.toolchain")) \(hex("toolchainDigest")),
                verifierDigest TEXT NOT NULL \(from("digests.verifier")) \(hex("verifierDigest")),
                cacheKey TEXT NOT NULL \(from("cacheKey")) \(hex("cacheKey"))
            ) STRICT;
            CREATE INDEX evidenceByFixture ON evidence (fixture, candidateDigest);
            CREATE INDEX evidenceByCacheKey ON evidence (cacheKey);
            CREATE INDEX evidenceByTime ON evidence (recordedAtMs);
            CREATE TRIGGER evidenceFollows BEFORE INSERT ON evidence BEGIN
                SELECT RAISE(ABORT, 'not the next record of the chain') WHERE
                    NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM evidence)
                    OR NEW.previousHash <> (SELECT coalesce(
                        (SELECT hash FROM evidence ORDER BY sequence DESC LIMIT 1), printf('%064d', 0)));
                SELECT RAISE(ABORT, 'a record with this id exists') WHERE EXISTS (
                    SELECT 1 FROM evidence WHERE id = json_extract(NEW.body, '$.id') OR hash = NEW.hash);
            END;

            CREATE TABLE receipt (
                number INTEGER PRIMARY KEY CHECK (number > 0),
                record INTEGER NOT NULL REFERENCES evidence (sequence),
                envelope TEXT NOT NULL CHECK (length(CAST(envelope AS BLOB)) <= 1048576),
                digest TEXT NOT NULL \(hex("digest")),
                UNIQUE (record, digest)
            ) STRICT;
            CREATE TRIGGER receiptFollows BEFORE INSERT ON receipt BEGIN
                SELECT RAISE(ABORT, 'not the next receipt') WHERE
                    NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM receipt)
                    OR EXISTS (SELECT 1 FROM receipt WHERE record = NEW.record AND digest = NEW.digest);
            END;

            CREATE TABLE blob (
                number INTEGER PRIMARY KEY CHECK (number > 0),
                record INTEGER NOT NULL REFERENCES evidence (sequence),
                kind TEXT NOT NULL CHECK (kind IN ('stdout', 'stderr', 'artefact')),
                digest TEXT NOT NULL \(hex("digest")),
                bytes INTEGER NOT NULL CHECK (bytes >= 0)
            ) STRICT;
            CREATE INDEX blobByDigest ON blob (digest);
            CREATE TRIGGER blobFollows BEFORE INSERT ON blob BEGIN
                SELECT RAISE(ABORT, 'not the next blob') WHERE
                    NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM blob);
            END;
            \(["evidence", "receipt", "blob", "migration"].map(keeps).joined(separator: "\n"))
            """)

    /// What was removed of the bytes that records name; the records stay.
    private static let pruning = Migration(
        "pruning",
        sql: """
            CREATE TABLE pruned (
                number INTEGER PRIMARY KEY CHECK (number > 0),
                digest TEXT NOT NULL \(hex("digest")),
                bytes INTEGER NOT NULL CHECK (bytes >= 0),
                prunedAtMs INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX prunedByDigest ON pruned (digest);
            CREATE TRIGGER prunedFollows BEFORE INSERT ON pruned BEGIN
                SELECT RAISE(ABORT, 'not the next pruned blob') WHERE
                    NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM pruned);
            END;
            \(keeps("pruned"))
            """)

    private static func from(_ path: String) -> String {
        "GENERATED ALWAYS AS (json_extract(body, '$.\(path)')) VIRTUAL"
    }

    private static func hex(_ column: String) -> String {
        "CHECK (typeof(\(column)) = 'text' AND length(\(column)) = 64 AND \(column) NOT GLOB '*[^0-9a-f]*')"
    }

    private static func keeps(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)IsKept BEFORE UPDATE ON \(table) BEGIN
            SELECT RAISE(ABORT, 'what is recorded is never changed');
        END;
        CREATE TRIGGER \(table)IsNeverRemoved BEFORE DELETE ON \(table) BEGIN
            SELECT RAISE(ABORT, 'what is recorded is never removed');
        END;
        """
    }
}
