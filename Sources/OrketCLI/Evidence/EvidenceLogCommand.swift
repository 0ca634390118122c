package import ArgumentParser
package import OrketCore
import OrketReports
package import OrketStore

/// `orket evidence log`: the newest records, one a line.
package struct EvidenceLogCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List records, the newest first.",
        discussion: """
            Examples:
              orket evidence log
              orket evidence log --fixture add-numbers --outcome rejected
              orket evidence log --since 2026-01-31T12:00:00Z --limit 1000 --json
            """)

    @Option(help: "At most so many records, 1 to \(EvidenceStore.maximumPage).")
    var limit = "20"

    @Option(help: ArgumentHelp("Only records of this fixture.", valueName: "id"))
    var fixture: String?

    @Option(
        help: ArgumentHelp(
            "Only this outcome: " + Outcome.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "outcome"
        ))
    var outcome: String?

    @Option(help: ArgumentHelp("Only from this day or moment on, in UTC.", valueName: "date"))
    var since: String?

    @Flag(help: "Print one JSON object (schema orket.evidence-log/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks all options, then lists.
    package func run() async throws {
        try await EvidenceCommand.run(query) { query, store, location in
            let (filter, limit) = query
            let records = try await store?.list(filter, limit: limit) ?? []
            let log = EvidenceLog(
                file: location.path, records: records, total: try await store?.count(filter) ?? 0)
            Console.result(json ? log.json.text + "\n" : log.text)
            if !json, let remark = log.remark { Console.talk(remark) }
            return 0
        }
    }

    private func query() throws(InvalidInput) -> (EvidenceFilter, limit: Int) {
        var findings: [Finding] = []
        func check<Value>(_ option: String, _ text: String?, _ hint: String, _ read: (String) -> Value?) -> Value? {
            guard let text else { return nil }
            let value = read(text)
            if value == nil { findings.append(Finding(file: option, "\(CanonicalText.quote(text)): \(hint)")) }
            return value
        }
        let limit = check("--limit", limit, "write a number from 1 to \(EvidenceStore.maximumPage)") { text in
            Int(text).flatMap { (1...EvidenceStore.maximumPage).contains($0) ? $0 : nil }
        }
        let known = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
        let outcome = check("--outcome", outcome, "write one of \(known)", Outcome.init(rawValue:))
        let since = check("--since", since, "write a day such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z") {
            UTCTime($0)
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return (EvidenceFilter(fixture: fixture, outcome: outcome, since: since), limit!)
    }
}

/// A page of records, as text for people and as `orket.evidence-log/1`.
package struct EvidenceLog: Sendable {
    package var file: String
    package var records: [StoredEvidence]
    /// Records that fit, also those that are not in the page.
    package var total: Int

    /// One line a record.
    package var text: String {
        if records.isEmpty { return "" }
        var table = TextTable(["RECORD", "WHEN", "FIXTURE", "OUTCOME", "REASON"])
        for record in records {
            table.add([
                record.id.text, record.recordedAt.seconds + "Z", record.fixture, record.outcome.rawValue,
                record.reason?.rawValue ?? "-",
            ])
        }
        return table.text
    }

    /// What else is to be said; nil when the table says all.
    package var remark: String? {
        if records.count == total {
            return total == 0 ? "orket: no such record in \(TerminalText.escape(file))\n" : nil
        }
        return "orket: \(records.count) of \(total) records; ask for more with --limit\n"
    }

    /// One JSON object, described in docs/formats/evidence-log.schema.json.
    package var json: JSONValue {
        .object([
            .init("schema", .string("orket.evidence-log/1")), .init("file", .string(file)),
            .init("total", .integer(Int64(total))), .init("records", .array(records.map(Self.json))),
        ])
    }

    private static func json(_ record: StoredEvidence) -> JSONValue {
        .object([
            .init("sequence", .integer(record.sequence)), .init("id", .string(record.id.text)),
            .init("recordedAt", .string(record.recordedAt.rfc3339)), .init("fixture", .string(record.fixture)),
            .init("outcome", .string(record.outcome.rawValue)),
            .init("reason", record.reason.map { .string($0.rawValue) } ?? .null),
            .init("candidateDigest", .string(record.digests.candidate.text)),
            .init("cacheKey", .string(record.cacheKey.text)), .init("hash", .string(record.hash.text)),
        ])
    }
}
