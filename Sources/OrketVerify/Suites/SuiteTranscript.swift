package import OrketCore

/// What a runner has told of its tests, message by message: checked for its form and its order, believed no further.
package struct SuiteTranscript: Sendable {
    /// How a test ended, in the words of the drivers.
    package enum Status: String, Sendable, CaseIterable {
        case passed, failed, error, skipped
        /// Marked as expected to fail, and failed; and did not fail.
        case xfailed, xpassed
    }

    /// One test.
    package struct Test: Sendable, Hashable {
        package var id: String
        package var status: Status
        package var detail: String
    }

    /// Why tests could not be had from a place.
    package struct Problem: Sendable, Hashable {
        package var place: String
        package var isSkip: Bool
        package var detail: String
    }

    package private(set) var tests: [Test] = []
    package private(set) var problems: [Problem] = []
    /// Parts of the test machinery that were replaced.
    package private(set) var replaced: [String] = []
    /// The first thing that no runner writes.
    package private(set) var forged: String?
    package private(set) var hasEnded = false

    private let nonce: String
    private var next: Int64 = 0
    private var known: Set<String> = []
    private var events = SwiftTestEvents()

    /// Tests and problems of one run.
    static let maximumEntries = 20_000
    private static let maximumIDBytes = 4_096

    /// `nonce` is what this run's messages bear.
    package init(nonce: String) { self.nonce = nonce }

    /// Something that cannot be a message.
    package mutating func refuse(_ sentence: String) { forged = forged ?? sentence }

    /// One message; false when nothing that follows can change the verdict.
    package mutating func take(_ message: JSONValue) -> Bool {
        guard forged == nil else { return false }
        guard message["nonce"]?.string == nonce else {
            refuse("a message without the nonce of this run")
            return false
        }
        guard case .integer(next)? = message["number"] else {
            refuse("a message out of order")
            return false
        }
        next += 1
        guard let kind = message["kind"]?.string, let name = message["name"]?.string,
            let status = message["status"]?.string, let detail = message["detail"]?.string,
            tests.count + problems.count < Self.maximumEntries
        else {
            refuse("a message of another form, or more than \(Self.maximumEntries)")
            return false
        }
        take(kind, name, status, detail)
        return forged == nil
    }

    private mutating func take(_ kind: String, _ name: String, _ status: String, _ detail: String) {
        if hasEnded { return refuse("a message after the end") }
        switch kind {
        case "ready" where next == 1: break
        case "test":
            guard let status = Status(rawValue: status) else { return refuse("a test with an unknown status") }
            add(name, status, detail)
        case "problem": problems.append(Problem(place: name, isSkip: status == "skipped", detail: detail))
        case "tampered": replaced.append(name)
        case "event": if let sentence = events.take(detail) { refuse(sentence) }
        case "end": end()
        default: refuse("a message of an unknown kind")
        }
    }

    /// One test with its result.
    mutating func add(_ name: String, _ status: Status, _ detail: String) {
        let id = Self.id(name)
        guard id.utf8.count <= Self.maximumIDBytes, !id.isEmpty else { return refuse("a test without a usable id") }
        guard known.insert(id).inserted else {
            return refuse("two reports of \(id.prefix(200).description.jsonEscaped)")
        }
        tests.append(Test(id: id, status: status, detail: detail))
    }

    /// Why tests could not be had from a place.
    mutating func add(problem place: String, _ detail: String) {
        problems.append(Problem(place: place, isSkip: false, detail: detail))
    }

    /// The runner has told all.
    mutating func end() { hasEnded = true }

    /// No message follows: what events told of tests is taken.
    mutating func settle() { events.tell(&self) }

    /// A name on one line, in which nothing acts on a terminal.
    package static func id(_ name: String) -> String {
        var id = ""
        for scalar in name.unicodeScalars {
            if scalar.isDeceptive {
                id += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                id.unicodeScalars.append(scalar)
            }
        }
        return id
    }
}
