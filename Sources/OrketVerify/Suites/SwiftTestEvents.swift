import OrketCore

/// Gathers the event stream of Swift Testing (ABI version 0, one JSON record each) into a result for each test function.
struct SwiftTestEvents: Sendable {
    private struct Entry {
        var id: String
        var isParameterized: Bool
        var cases = 0
        var failures: [String] = []
        var hasKnownIssue = false
        var skip: String?
        var hasEnded = false
    }

    /// Keyed by the library's own id, which holds the place in the file.
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var stray: [String] = []
    private var hasEnded = false

    /// Sentences of one test.
    private static let maximumFailures = 5

    /// One record; a sentence when the library writes no such thing.
    mutating func take(_ text: String) -> String? {
        guard let record = try? StrictJSON.parse(Array(text.utf8)), let kind = record["kind"]?.string,
            let payload = record["payload"]
        else { return "an event that is no record of Swift Testing" }
        switch kind {
        case "test": return declare(payload)
        case "event": return happen(payload)
        default: return nil
        }
    }

    private mutating func declare(_ payload: JSONValue) -> String? {
        guard let id = payload["id"]?.string, let kind = payload["kind"]?.string else { return "a test without an id" }
        if kind != "function" { return nil }
        guard entries.count < SuiteTranscript.maximumEntries else { return "too many tests" }
        if entries[id] != nil { return "a test that is declared twice" }
        let isParameterized = payload["isParameterized"] == .bool(true)
        entries[id] = Entry(id: Self.short(id), isParameterized: isParameterized)
        order.append(id)
        return nil
    }

    private mutating func happen(_ payload: JSONValue) -> String? {
        guard let kind = payload["kind"]?.string else { return "an event without a kind" }
        if kind == "runEnded" { hasEnded = true }
        let id = payload["testID"]?.string
        guard let id, var entry = entries[id] else {
            // Of a suite, or of no test at all.
            if kind == "issueRecorded", Self.isFailure(payload) { stray.append(Self.message(payload)) }
            return nil
        }
        switch kind {
        case "testCaseStarted": entry.cases += 1
        case "testSkipped", "testCancelled", "testCaseCancelled": entry.skip = Self.message(payload)
        case "issueRecorded":
            if payload["issue"]?["isKnown"] == .bool(true) {
                entry.hasKnownIssue = true
            } else if Self.isFailure(payload), entry.failures.count < Self.maximumFailures {
                entry.failures.append(Self.message(payload))
            }
        case "testEnded": entry.hasEnded = true
        default: break
        }
        entries[id] = entry
        return nil
    }

    /// Tells `transcript` all tests that came to an end, in the order of their ids.
    func tell(_ transcript: inout SuiteTranscript) {
        for (place, sentence) in stray.enumerated() {
            transcript.add(problem: "issue \(place + 1)", sentence)
        }
        // Functions of one name in two files can be told apart by their places only.
        let counts = Dictionary(entries.values.map { ($0.id, 1) }, uniquingKeysWith: +)
        for key in order.sorted() {
            guard let entry = entries[key], hasEnded, entry.hasEnded || entry.skip != nil else { continue }
            let (status, detail) = Self.result(entry)
            transcript.add(counts[entry.id] == 1 ? entry.id : key, status, detail)
        }
    }

    private static func result(_ entry: Entry) -> (SuiteTranscript.Status, String) {
        if !entry.failures.isEmpty { return (.failed, entry.failures.joined(separator: "; ")) }
        if let skip = entry.skip { return (.skipped, skip) }
        if entry.hasKnownIssue { return (.xfailed, "a known issue was recorded") }
        // Arguments may come from the candidate: without any, nothing was looked at.
        if entry.isParameterized, entry.cases == 0 { return (.skipped, "it was run with no argument") }
        return (.passed, "")
    }

    private static func isFailure(_ payload: JSONValue) -> Bool {
        payload["issue"]?["isKnown"] != .bool(true) && payload["issue"]?["severity"] != .string("warning")
    }

    private static func message(_ payload: JSONValue) -> String {
        guard case .array(let messages)? = payload["messages"] else { return "" }
        return messages.compactMap { $0["text"]?.string }.prefix(3).joined(separator: ": ")
    }

    /// `MODULE.SUITE/name()/FILE.swift:LINE:COLUMN` without its last part.
    private static func short(_ id: String) -> String {
        guard let slash = id.lastIndex(of: "/"), id[slash...].contains(".swift:") else { return id }
        return String(id[..<slash])
    }
}
