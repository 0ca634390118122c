package import OrketCore

/// An in-toto statement, version 1: these subjects, of which this predicate is said.
package struct Statement: Sendable, Hashable {
    /// Never empty; no two have one name.
    package let subjects: [Subject]
    /// A URI.
    package let predicateType: String
    /// An object.
    package let predicate: JSONValue

    /// Value of `_type`.
    package static let type = "https://in-toto.io/Statement/v1"

    /// Throws `untrue` when there is no subject, or two have one name.
    package init(subjects: [Subject], predicateType: String, predicate: JSONValue) throws(AttestError) {
        if subjects.isEmpty { throw AttestError(.untrue, "a statement about nothing") }
        if Set(subjects.map(\.name)).count < subjects.count {
            throw AttestError(.untrue, "two subjects have one name: \(subjects.map(\.name.jsonEscaped).sorted())")
        }
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// Reads what a trusted key has signed; throws `malformed` for what is no statement.
    package init(_ payload: VerifiedPayload) throws(AttestError) {
        guard payload.type == Envelope.inTotoType else {
            throw AttestError(.malformed, "the payload is '\(payload.type.jsonEscaped)', not \(Envelope.inTotoType)")
        }
        let document: JSONValue
        do { document = try StrictJSON.parse(payload.bytes) } catch {
            throw AttestError(.malformed, "the payload is no JSON at byte \(error.offset): \(error.message)")
        }
        guard document["_type"]?.string == Self.type else {
            throw AttestError(.malformed, "the payload's '_type' is not \(Self.type)")
        }
        guard case .array(let elements)? = document["subject"], let type = document["predicateType"]?.string,
            let predicate = document["predicate"], case .object = predicate
        else { throw AttestError(.malformed, "'subject', 'predicateType' or 'predicate' is missing or bad") }
        let subjects = elements.compactMap(Subject.init)
        guard subjects.count == elements.count else {
            throw AttestError(.malformed, "a subject without a name or a SHA-256")
        }
        do { try self.init(subjects: subjects, predicateType: type, predicate: predicate) } catch {
            throw AttestError(.malformed, error.message)
        }
    }

    /// Canonical bytes: the payload of an envelope.
    package func bytes() throws(AttestError) -> [UInt8] {
        try CanonicalJSON.bytes(
            of: .record([
                "_type": .string(Self.type), "subject": .array(subjects.map { $0.json() }),
                "predicateType": .string(predicateType), "predicate": predicate,
            ]))
    }
}
