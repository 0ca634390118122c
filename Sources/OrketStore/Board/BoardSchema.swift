/// Tables of a board. Every rule that SQL can keep is kept by SQL, so it also holds for a connection that another program
/// opens: a card's version counts the entries of its history, and no status is there without the entry that led to it.
enum BoardSchema {
    /// "ORKB" in ASCII.
    static let applicationID: Int32 = 0x4f52_4b42

    static let current = StoreSchema(
        applicationID: applicationID,
        migrations: [
            Migration("board", sql: [cards, history, ledger].joined(separator: "\n")),
            Migration("runs", sql: [sessions, attempts, records].joined(separator: "\n")),
        ])

    /// Tables in an order in which rows can be put back: each after those that it needs. The columns of a table are those
    /// that are stored, in their order.
    static let tables: [(name: String, columns: [String])] = [
        ("session", ["id", "target", "targetType", "configuration", "startedAtMs", "endedAtMs", "outcome", "detail"]),
        ("sessionBuild", ["session", "position", "build"]),
        (
            "cardEvent",
            [
                "number", "card", "version", "atMs", "actorKind", "actor", "cause", "roles", "fromStatus", "toStatus",
                "waitReason", "reason", "evidence",
            ]
        ),
        (
            "card",
            [
                "number", "id", "status", "waitReason", "version", "parent", "build", "assignee", "isDefined",
                "createdAtMs", "enteredAtMs", "definition",
            ]
        ),
        ("cardDependency", ["card", "position", "needs"]),
        ("comment", ["number", "card", "atMs", "author", "text"]),
        ("success", ["number", "card", "version", "atMs"]),
        ("usedReceipt", ["receipt", "card", "success"]),
        (
            "attempt",
            [
                "number", "issue", "ordinal", "session", "cardVersion", "startedAtMs", "candidate", "workMs",
                "evidence",
                "verificationMs", "endedAtMs", "result", "reasons", "fingerprint",
            ]
        ),
        ("snapshot", ["session", "turn", "atMs", "body"]),
        ("journalStep", ["number", "session", "key", "atMs", "body"]),
        ("boardFiles", ["one", "stamp", "atMs"]),
    ]

    private static let statuses =
        "('ready', 'in_progress', 'blocked', 'waiting_for_developer', 'ready_for_testing', 'code_review', 'done', "
        + "'canceled', 'archived')"
    private static let types = "('rock', 'epic', 'issue', 'utility', 'app')"
    private static let waitReasons = "('resource', 'dependency', 'review', 'input', 'system')"

    private static func name(_ column: String) -> String {
        "CHECK (length(\(column)) BETWEEN 1 AND 128 AND \(column) NOT GLOB '*[^A-Za-z0-9._-]*' "
            + "AND \(column) GLOB '[A-Za-z0-9]*')"
    }

    private static func hex(_ column: String) -> String {
        "CHECK (length(\(column)) = 64 AND \(column) NOT GLOB '*[^0-9a-f]*')"
    }

    private static func bounded(_ column: String, _ most: Int, least: Int = 0) -> String {
        "CHECK (length(CAST(\(column) AS BLOB)) BETWEEN \(least) AND \(most))"
    }

    private static func json(_ column: String, _ type: String, _ most: Int) -> String {
        bounded(column, most)
            + " CHECK (\(column) IS NULL OR (json_valid(\(column)) AND json_type(\(column)) = '\(type)'))"
    }

    private static func waits(_ status: String) -> String {
        "CHECK (waitReason IN \(waitReasons)) "
            + "CHECK ((waitReason IS NOT NULL) = (\(status) IN ('blocked', 'waiting_for_developer')))"
    }

    private static func from(_ member: String) -> String {
        "GENERATED ALWAYS AS (json_extract(definition, '$.\(member)')) STORED"
    }

    private static func keeps(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)IsKept BEFORE UPDATE ON \(table) BEGIN
            SELECT RAISE(ABORT, 'what is recorded is never changed');
        END;
        \(neverRemoves(table))
        """
    }

    private static func neverRemoves(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)IsNeverRemoved BEFORE DELETE ON \(table) BEGIN
            SELECT RAISE(ABORT, 'what is recorded is never removed');
        END;
        """
    }

    /// Also closes the way of INSERT OR REPLACE, which deletes a row without asking the trigger on DELETE.
    private static func follows(_ table: String, _ more: String = "") -> String {
        """
        CREATE TRIGGER \(table)Follows BEFORE INSERT ON \(table) BEGIN
            SELECT RAISE(ABORT, 'not the next entry') WHERE
                NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM \(table));
            \(more)
        END;
        """
    }

    /// Columns besides the definition are what it does not say. The entry of the history comes before the row.
    private static let cards = """
        CREATE TABLE card (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            id TEXT NOT NULL UNIQUE \(name("id")),
            status TEXT NOT NULL CHECK (status IN \(statuses)),
            waitReason TEXT \(waits("status")),
            version INTEGER NOT NULL CHECK (version > 0),
            parent TEXT REFERENCES card (id) DEFERRABLE INITIALLY DEFERRED,
            build TEXT \(name("build")),
            assignee TEXT \(bounded("assignee", 256, least: 1)),
            isDefined INTEGER NOT NULL CHECK (isDefined IN (0, 1)),
            createdAtMs INTEGER NOT NULL,
            enteredAtMs INTEGER NOT NULL,
            definition TEXT NOT NULL \(json("definition", "object", 4 << 20))
                CHECK (json_extract(definition, '$.id') = id),
            type TEXT NOT NULL \(from("type")) CHECK (type IN \(types)),
            name TEXT \(from("name")),
            department TEXT NOT NULL \(from("owner_department")),
            seat TEXT \(from("seat")),
            sprint TEXT \(from("sprint")),
            priority REAL NOT NULL \(from("priority")) CHECK (priority BETWEEN 0 AND 1000000)
        ) STRICT;
        CREATE INDEX cardByStatus ON card (status, number);
        CREATE INDEX cardByParent ON card (parent, number);
        CREATE INDEX cardByBuild ON card (build, number);
        CREATE INDEX cardBySeat ON card (seat, number);
        CREATE TRIGGER cardBegins BEFORE INSERT ON card BEGIN
            SELECT RAISE(ABORT, 'a card with this id or number exists') WHERE EXISTS (
                SELECT 1 FROM card WHERE id = NEW.id OR number = NEW.number);
            SELECT RAISE(ABORT, 'a card that its history does not know') WHERE NOT EXISTS (
                SELECT 1 FROM cardEvent WHERE card = NEW.id AND version = NEW.version AND toStatus = NEW.status
                    AND waitReason IS NEW.waitReason)
                OR EXISTS (SELECT 1 FROM cardEvent WHERE card = NEW.id AND version > NEW.version);
            SELECT RAISE(ABORT, 'no issue is done without evidence') WHERE
                json_extract(NEW.definition, '$.type') = 'issue' AND EXISTS (
                    SELECT 1 FROM cardEvent WHERE card = NEW.id AND toStatus = 'done' AND fromStatus <> 'done'
                        AND evidence IS NULL);
        END;
        CREATE TRIGGER cardChanges BEFORE UPDATE ON card BEGIN
            SELECT RAISE(ABORT, 'number, id, type and creation of a card never change') WHERE
                NEW.number <> OLD.number OR NEW.id <> OLD.id OR NEW.createdAtMs <> OLD.createdAtMs
                OR json_extract(NEW.definition, '$.type') <> OLD.type;
            SELECT RAISE(ABORT, 'a change that its history does not know') WHERE NEW.version <> OLD.version + 1
                OR NOT EXISTS (SELECT 1 FROM cardEvent WHERE card = NEW.id AND version = NEW.version
                    AND fromStatus = OLD.status AND toStatus = NEW.status AND waitReason IS NEW.waitReason);
        END;
        \(neverRemoves("card"))

        CREATE TABLE cardDependency (
            card TEXT NOT NULL REFERENCES card (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            needs TEXT NOT NULL REFERENCES card (id) DEFERRABLE INITIALLY DEFERRED CHECK (needs <> card),
            PRIMARY KEY (card, position),
            UNIQUE (card, needs)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX cardDependencyByNeed ON cardDependency (needs);

        CREATE TABLE boardFiles (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            stamp TEXT NOT NULL \(bounded("stamp", 256, least: 1)),
            atMs INTEGER NOT NULL
        ) STRICT;
        """

    private static let nextOfCard = """
        SELECT RAISE(ABORT, 'not the next entry of this card') WHERE
                NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM cardEvent WHERE card = NEW.card)
                OR NEW.fromStatus IS NOT (
                    SELECT toStatus FROM cardEvent WHERE card = NEW.card ORDER BY version DESC LIMIT 1);
            SELECT RAISE(ABORT, 'no issue is done without evidence') WHERE
                NEW.toStatus = 'done' AND NEW.fromStatus IS NOT 'done' AND NEW.evidence IS NULL
                AND (SELECT type FROM card WHERE id = NEW.card) = 'issue';
        """

    /// A card's entries are a chain of their own: each goes on from the status that the one before led to. An issue is done
    /// on evidence, and on nothing else.
    private static let history = """
        CREATE TABLE cardEvent (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            card TEXT NOT NULL REFERENCES card (id) DEFERRABLE INITIALLY DEFERRED,
            version INTEGER NOT NULL CHECK (version > 0),
            atMs INTEGER NOT NULL,
            actorKind TEXT NOT NULL CHECK (actorKind IN ('engine', 'person', 'seat', 'forge')),
            actor TEXT NOT NULL \(bounded("actor", 256, least: 1)),
            cause TEXT NOT NULL \(name("cause")),
            roles TEXT NOT NULL \(json("roles", "array", 65_536)),
            fromStatus TEXT CHECK (fromStatus IN \(statuses)) CHECK ((fromStatus IS NULL) = (version = 1)),
            toStatus TEXT NOT NULL CHECK (toStatus IN \(statuses)) CHECK (version > 1 OR toStatus <> 'done'),
            waitReason TEXT \(waits("toStatus")),
            reason TEXT NOT NULL \(bounded("reason", 65_536)),
            evidence TEXT \(json("evidence", "object", 1 << 20)),
            UNIQUE (card, version)
        ) STRICT;
        \(follows("cardEvent", nextOfCard))
        \(keeps("cardEvent"))

        CREATE TABLE comment (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            card TEXT NOT NULL REFERENCES card (id),
            atMs INTEGER NOT NULL,
            author TEXT NOT NULL \(bounded("author", 256, least: 1)),
            text TEXT NOT NULL \(bounded("text", 65_536, least: 1))
        ) STRICT;
        CREATE INDEX commentByCard ON comment (card, number);
        \(follows("comment"))
        \(keeps("comment"))
        """

    private static let knownSuccess = """
        SELECT RAISE(ABORT, 'a success that the history does not know') WHERE NOT EXISTS (
                SELECT 1 FROM cardEvent WHERE card = NEW.card AND version = NEW.version AND toStatus = 'done'
                    AND fromStatus <> 'done');
        """

    /// One entry for each time that a card became done; what it says besides is in the history.
    private static let ledger = """
        CREATE TABLE success (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            card TEXT NOT NULL REFERENCES card (id),
            version INTEGER NOT NULL,
            atMs INTEGER NOT NULL,
            UNIQUE (card, version),
            FOREIGN KEY (card, version) REFERENCES cardEvent (card, version)
        ) STRICT;
        \(follows("success", knownSuccess))
        \(keeps("success"))

        CREATE TABLE usedReceipt (
            receipt TEXT NOT NULL \(hex("receipt")),
            card TEXT NOT NULL,
            success INTEGER NOT NULL REFERENCES success (number),
            PRIMARY KEY (receipt, success)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER usedReceiptCounts BEFORE INSERT ON usedReceipt BEGIN
            SELECT RAISE(ABORT, 'a receipt completes one card only') WHERE EXISTS (
                SELECT 1 FROM usedReceipt WHERE receipt = NEW.receipt AND card <> NEW.card)
                OR NEW.card <> (SELECT card FROM success WHERE number = NEW.success);
        END;
        \(keeps("usedReceipt"))
        """

    private static let sessions = """
        CREATE TABLE session (
            id TEXT PRIMARY KEY \(name("id")),
            target TEXT NOT NULL \(name("target")),
            targetType TEXT NOT NULL CHECK (targetType IN \(types)),
            configuration TEXT NOT NULL \(hex("configuration")),
            startedAtMs INTEGER NOT NULL,
            endedAtMs INTEGER CHECK ((endedAtMs IS NULL) = (outcome IS NULL)),
            outcome TEXT CHECK (outcome IN ('completed', 'completed_with_failures', 'stalled_cycle', 'stalled_blocked',
                'stalled_no_progress', 'cancelled', 'failed')),
            detail TEXT CHECK (detail IS NULL OR outcome = 'failed') \(bounded("detail", 65_536))
        ) STRICT;
        CREATE UNIQUE INDEX sessionIsOpenOnce ON session (target) WHERE endedAtMs IS NULL;
        CREATE INDEX sessionByStart ON session (startedAtMs);
        CREATE TRIGGER sessionBegins BEFORE INSERT ON session BEGIN
            SELECT RAISE(ABORT, 'a session with this id exists') WHERE EXISTS (
                SELECT 1 FROM session WHERE id = NEW.id);
        END;
        CREATE TRIGGER sessionEndsOnce BEFORE UPDATE ON session BEGIN
            SELECT RAISE(ABORT, 'a session ends once, and nothing else of it changes') WHERE
                OLD.endedAtMs IS NOT NULL OR NEW.endedAtMs IS NULL OR NEW.id <> OLD.id OR NEW.target <> OLD.target
                OR NEW.targetType <> OLD.targetType OR NEW.configuration <> OLD.configuration
                OR NEW.startedAtMs <> OLD.startedAtMs;
        END;
        \(neverRemoves("session"))

        CREATE TABLE sessionBuild (
            session TEXT NOT NULL REFERENCES session (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            build TEXT NOT NULL \(name("build")),
            PRIMARY KEY (session, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessionBuildByBuild ON sessionBuild (build);
        \(keeps("sessionBuild"))
        """

    private static let nextOfIssue = """
        SELECT RAISE(ABORT, 'not the next attempt at this issue') WHERE
                NEW.ordinal <> (SELECT coalesce(max(ordinal), 0) + 1 FROM attempt WHERE issue = NEW.issue);
        """

    /// An attempt fills up while it runs, and never empties.
    private static let attempts = """
        CREATE TABLE attempt (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            issue TEXT NOT NULL REFERENCES card (id),
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            session TEXT NOT NULL REFERENCES session (id),
            cardVersion INTEGER NOT NULL,
            startedAtMs INTEGER NOT NULL,
            candidate TEXT \(hex("candidate")),
            workMs INTEGER NOT NULL CHECK (workMs >= 0),
            evidence TEXT \(json("evidence", "array", 1 << 20)),
            verificationMs INTEGER NOT NULL CHECK (verificationMs >= 0),
            endedAtMs INTEGER CHECK ((endedAtMs IS NULL) = (result IS NULL)),
            result TEXT CHECK (result IN ('verified', 'refused', 'rejected', 'work_failed', 'out_of_time',
                'inconclusive', 'conflict', 'cancelled', 'interrupted')),
            reasons TEXT NOT NULL \(json("reasons", "array", 4 << 20)),
            fingerprint TEXT \(hex("fingerprint")),
            UNIQUE (issue, ordinal)
        ) STRICT;
        CREATE UNIQUE INDEX attemptIsOpenOnce ON attempt (issue) WHERE endedAtMs IS NULL;
        CREATE INDEX attemptBySession ON attempt (session, number);
        \(follows("attempt", nextOfIssue))
        CREATE TRIGGER attemptFillsUp BEFORE UPDATE ON attempt BEGIN
            SELECT RAISE(ABORT, 'an attempt that ended never changes') WHERE OLD.endedAtMs IS NOT NULL;
            SELECT RAISE(ABORT, 'what an attempt has reached never changes') WHERE
                NEW.number <> OLD.number OR NEW.issue <> OLD.issue OR NEW.ordinal <> OLD.ordinal
                OR NEW.session <> OLD.session OR NEW.cardVersion <> OLD.cardVersion
                OR NEW.startedAtMs <> OLD.startedAtMs
                OR (OLD.candidate IS NOT NULL AND NEW.candidate IS NOT OLD.candidate)
                OR (OLD.evidence IS NOT NULL AND NEW.evidence IS NOT OLD.evidence);
        END;
        \(neverRemoves("attempt"))
        """

    private static let records = """
        CREATE TABLE snapshot (
            session TEXT NOT NULL REFERENCES session (id),
            turn INTEGER NOT NULL CHECK (turn > 0),
            atMs INTEGER NOT NULL,
            body TEXT NOT NULL \(json("body", "object", 4 << 20)),
            PRIMARY KEY (session, turn)
        ) STRICT;
        CREATE TRIGGER snapshotFollows BEFORE INSERT ON snapshot BEGIN
            SELECT RAISE(ABORT, 'not a later turn') WHERE
                NEW.turn <= (SELECT coalesce(max(turn), 0) FROM snapshot WHERE session = NEW.session);
        END;
        \(keeps("snapshot"))

        CREATE TABLE journalStep (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            session TEXT NOT NULL REFERENCES session (id),
            key TEXT NOT NULL \(bounded("key", 512, least: 1)),
            atMs INTEGER NOT NULL,
            body TEXT NOT NULL \(json("body", "object", 1 << 20)),
            UNIQUE (session, key)
        ) STRICT;
        \(follows("journalStep"))
        \(keeps("journalStep"))
        \(keeps("migration"))
        """
}
