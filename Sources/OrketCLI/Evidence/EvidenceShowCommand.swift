package import ArgumentParser
import OrketCore
import OrketStore

/// `orket evidence show ID`: everything that one record says.
package struct EvidenceShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one record with everything in it.",
        discussion: """
            An id may be cut off anywhere as long as it fits one record only.

            Examples:
              orket evidence show 019aba1f
              orket evidence show 019aba1f-2c3e --json
              orket evidence show 019aba1f --receipt > receipt.intoto.jsonl
              orket evidence show 019aba1f --streams
            """)

    @Argument(help: "The id of a record, or its beginning.")
    var id: String

    @Flag(help: "Print one JSON object (schema orket.evidence/1).")
    var json = false

    @Flag(help: "Print the record's receipt, as orket receipt verify takes it.")
    var receipt = false

    @Flag(help: "Print what programs wrote, escaped, and what became of the bytes that are not there any more.")
    var streams = false

    /// Refuses two formats at once.
    package func validate() throws {
        if [json, receipt, streams].count(where: { $0 }) > 1 {
            throw ValidationError("one of --json, --receipt and --streams")
        }
    }

    /// Made by the argument parser.
    package init() {}

    /// Finds and shows.
    package func run() async throws {
        try await EvidenceCommand.run({}) { _, store, location in
            guard let store, let record = try await store.record(idPrefix: id) else {
                throw InvalidInput([
                    Finding(file: location.path, "no record has an id that starts with \(CanonicalText.quote(id))")
                ])
            }
            if receipt {
                let envelopes = try await store.receipts(of: record.id)
                if envelopes.isEmpty {
                    throw EvidenceFailure(
                        "record \(record.id) has no receipt", hint: "verify the fixture again: a receipt comes with it")
                }
                Console.result(envelopes.map { $0 + "\n" }.joined())
                return 0
            }
            if streams {
                let text = try await StreamText(store, ContentLocation()).text(Self.body(record, location))
                Console.result(text)
                return 0
            }
            Console.result(json ? record.line + "\n" : try Self.text(record, location))
            return 0
        }
    }

    private static func body(_ record: StoredEvidence, _ location: EvidenceLocation) throws -> JSONValue {
        do { return try StrictJSON.parse(Array(record.body.utf8)) } catch {
            throw EvidenceFailure(
                "\(location.path): record \(record.sequence) is no JSON", hint: "run `orket evidence verify-chain`")
        }
    }

    /// One line a value: its path in the record, and the value.
    private static func text(_ record: StoredEvidence, _ location: EvidenceLocation) throws -> String {
        let body = try body(record, location)
        var lines = [
            ("record", record.id.text), ("recorded", record.recordedAt.rfc3339), ("sequence", "\(record.sequence)"),
            ("hash", record.hash.text), ("previousHash", record.previousHash.text),
        ]
        flatten(body, at: "", into: &lines)
        return lines.map { "\(TerminalText.escape($0.0))  \(TerminalText.escape($0.1))\n" }.joined()
    }

    private static func flatten(_ value: JSONValue, at place: String, into lines: inout [(String, String)]) {
        switch value {
        case .object(let members):
            for member in members {
                flatten(member.value, at: place.isEmpty ? member.name : "\(place).\(member.name)", into: &lines)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() { flatten(element, at: "\(place)[\(index)]", into: &lines) }
        case .string(let text): lines.append((place, text))
        default: lines.append((place, value.text))
        }
    }
}
