package import OrketCore

/// What a value in a JSON document must be. `$` is the document; `.name`, `["any name"]` and `[0]` lead into it.
package struct JSONAssertion: Sendable {
    package enum Step: Sendable, Hashable {
        case member(String)
        case element(Int)
    }

    /// Types by the name that assertions use; `number` includes integers.
    package enum ValueType: String, Sendable, CaseIterable {
        case null, boolean, integer, number, string, array, object
    }

    package var path: String
    package var steps: [Step]
    package var equals: JSONValue?
    package var type: ValueType?
    /// Of an array its elements, of an object its members, of a string its Unicode scalars.
    package var length: Int?

    /// `path` is where `steps` lead.
    package init(path: String, steps: [Step], equals: JSONValue?, type: ValueType?, length: Int?) {
        self.path = path
        self.steps = steps
        self.equals = equals
        self.type = type
        self.length = length
    }

    /// The steps of a path; nil when it is none.
    package static func steps(_ path: String) -> [Step]? {
        var rest = Substring(path)
        guard path.utf8.count <= 1_000, rest.popFirst() == "$" else { return nil }
        var steps: [Step] = []
        while let first = rest.popFirst() {
            if first == "." {
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
                if name.isEmpty { return nil }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", rest.first == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: "\""), rest[end...].hasPrefix("\"]") else { return nil }
                steps.append(.member(String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[end...].dropFirst(2)
            } else if first == "[" {
                let digits = rest.prefix { $0 != "]" }
                guard let index = Int(digits), index >= 0, String(index) == digits, rest.count > digits.count else {
                    return nil
                }
                steps.append(.element(index))
                rest = rest.dropFirst(digits.count + 1)
            } else {
                return nil
            }
        }
        return steps
    }

    /// Why the assertions do not hold for `text`, in sentences about `name`.
    package static func problems(_ assertions: [JSONAssertion], _ text: MatchedText, _ name: String) -> [String] {
        if assertions.isEmpty { return [] }
        guard let bytes = text.bytes else { return ["\(name) has \(text.count) bytes, more than are read as JSON"] }
        do throws(StrictJSON.Problem) {
            let document = try StrictJSON.parse(bytes)
            return assertions.compactMap { $0.problem(document, name) }
        } catch {
            return ["\(name) is no JSON: byte \(error.offset): \(error.message)"]
        }
    }

    private func problem(_ document: JSONValue, _ name: String) -> String? {
        let place = "\(path.jsonEscaped) of \(name)"
        guard let value = Self.find(steps, in: document) else { return "\(place) is not there" }
        if let type, !Self.isOf(type, value) { return "\(place) is \(value.typeName), not of type \(type.rawValue)" }
        if let length {
            guard let found = Self.length(value) else { return "\(place) is \(value.typeName), which has no length" }
            if found != length { return "\(place) has the length \(found), not \(length)" }
        }
        if let equals, !Self.areEqual(value, equals) { return "\(place) is another value than expected" }
        return nil
    }

    private static func find(_ steps: [Step], in document: JSONValue) -> JSONValue? {
        steps.reduce(Optional(document)) { value, step in
            switch (value, step) {
            case (let value?, .member(let name)): value[name]
            case (.array(let items)?, .element(let index)) where index < items.count: items[index]
            default: nil
            }
        }
    }

    private static func isOf(_ type: ValueType, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case (.null, .null), (.boolean, .bool), (.integer, .integer), (.number, .integer), (.number, .number),
            (.string, .string), (.array, .array), (.object, .object):
            true
        default: false
        }
    }

    private static func length(_ value: JSONValue) -> Int? {
        switch value {
        case .string(let text): text.unicodeScalars.count
        case .array(let items): items.count
        case .object(let members): members.count
        default: nil
        }
    }

    /// Exact: 1 is not 1.0, texts are equal scalar by scalar; only the order of members says nothing.
    static func areEqual(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a, b) {
        case (.string(let a), .string(let b)): return a.unicodeScalars.elementsEqual(b.unicodeScalars)
        case (.array(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
        case (.object(let a), .object(let b)):
            let wanted = Dictionary(b.map { ($0.name, $0.value) }) { first, _ in first }
            return a.count == b.count
                && a.allSatisfy { item in wanted[item.name].map { areEqual(item.value, $0) } ?? false }
        default: return a == b
        }
    }
}
