/// The encoding on a result channel. JSON's own null, booleans, strings, arrays and whole numbers up to 2^53 mean themselves;
/// everything else is an object with one member whose name tells the kind.
extension TypedValue {
    /// Why a document is no typed value.
    package struct Problem: Error, Hashable {
        package let sentence: String
    }

    private static let maximumExact: UInt64 = 1 << 53

    /// The value that `json` encodes.
    package init(json: JSONValue) throws(Problem) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .int(String(value))
        case .number: throw Problem(sentence: "a number that is not whole has no tag")
        case .string(let text): self = .string(text)
        case .array(let elements): self = .sequence(.list, try Self.items(elements))
        case .object(let members):
            guard members.count == 1 else { throw Problem(sentence: "an object with \(members.count) members") }
            self = try Self.tagged(members[0].name, members[0].value)
        }
    }

    private static func items(_ elements: [JSONValue]) throws(Problem) -> [TypedValue] {
        var items: [TypedValue] = []
        items.reserveCapacity(elements.count)
        for element in elements { items.append(try TypedValue(json: element)) }
        return items
    }

    private static func tagged(_ tag: String, _ value: JSONValue) throws(Problem) -> TypedValue {
        switch (tag, value) {
        case ("undefined", .null): return .undefined
        case ("int", .string(let digits)) where isCanonicalInteger(digits): return .int(digits)
        case ("float", .string(let text)): return .float(try double(text))
        case ("bytes", .string(let hex)), ("bytearray", .string(let hex)):
            guard let bytes = bytes(hex: hex) else { throw Problem(sentence: "bad hexadecimal digits") }
            return .bytes(bytes, isMutable: tag == "bytearray")
        case ("complex", .array(let parts)) where parts.count == 2:
            guard let real = parts[0].string, let imaginary = parts[1].string else { break }
            return .complex(try double(real), try double(imaginary))
        case ("dict", .array(let pairs)):
            var entries: [Entry] = []
            for pair in pairs {
                guard case .array(let both) = pair, both.count == 2 else { throw Problem(sentence: "a bad pair") }
                entries.append(Entry(try TypedValue(json: both[0]), try TypedValue(json: both[1])))
            }
            if Set(entries.map(\.key.canonical)).count < entries.count { throw Problem(sentence: "a key twice") }
            return .dictionary(entries)
        case (_, .array(let elements)):
            guard let sequence = Sequence(rawValue: tag), sequence != .list else { break }
            return .sequence(sequence, try items(elements))
        default: break
        }
        throw Problem(sentence: "unknown or bad tag '\(tag.prefix(32).description.jsonEscaped)'")
    }

    private static func double(_ text: String) throws(Problem) -> Double {
        switch text {
        case "nan": return .nan
        case "inf", "Infinity": return .infinity
        case "-inf", "-Infinity": return -.infinity
        default:
            guard text.utf8.count <= 64, text.utf8.allSatisfy({ isPartOfDecimal($0) }), let value = Double(text) else {
                throw Problem(sentence: "a bad float")
            }
            return value
        }
    }

    private static func isPartOfDecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"):
            true
        default: false
        }
    }

    /// Digits as `int` carries them.
    package static func isCanonicalInteger(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = digits.first else { return false }
        if first == UInt8(ascii: "0") { return text == "0" }
        return digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    private static func bytes(hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The document that encodes this value.
    package var json: JSONValue {
        func tagged(_ tag: String, _ value: JSONValue) -> JSONValue { .object([JSONValue.Member(tag, value)]) }
        switch self {
        case .null: return .null
        case .undefined: return tagged("undefined", .null)
        case .bool(let value): return .bool(value)
        case .int(let digits):
            if let value = Int64(digits), value.magnitude <= Self.maximumExact { return .integer(value) }
            return tagged("int", .string(digits))
        case .float(let value): return tagged("float", .string(Self.text(value)))
        case .string(let text): return .string(text)
        case .bytes(let bytes, let isMutable):
            return tagged(isMutable ? "bytearray" : "bytes", .string(HexText.encode(bytes)))
        case .complex(let real, let imaginary):
            return tagged("complex", .array([.string(Self.text(real)), .string(Self.text(imaginary))]))
        case .sequence(let sequence, let items):
            let elements = JSONValue.array(items.map(\.json))
            return sequence == .list ? elements : tagged(sequence.rawValue, elements)
        case .dictionary(let entries):
            return tagged("dict", .array(entries.map { .array([$0.key.json, $0.value.json]) }))
        }
    }

    private static func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
}

extension TypedValue {
    /// As a person reads it, bounded to about `maximum` characters, escaped.
    package func summary(maximum: Int = 200) -> String {
        var text = ""
        describe(into: &text, maximum: maximum)
        return text.count > maximum ? text.prefix(maximum) + "..." : text
    }

    private func describe(into text: inout String, maximum: Int) {
        if text.utf8.count > maximum { return }
        switch self {
        case .null: text += "null"
        case .undefined: text += "undefined"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let digits): text += digits.prefix(maximum)
        case .float(let value): text += "\(value)"
        case .string(let value): text += "\"" + String(value.prefix(maximum)).jsonEscaped + "\""
        case .bytes(let bytes, _): text += "bytes " + HexText.encode(Array(bytes.prefix(maximum)))
        case .complex(let real, let imaginary): text += "(\(real), \(imaginary)i)"
        case .sequence(let sequence, let items):
            let (open, close) = sequence == .list ? ("[", "]") : ("\(sequence.rawValue)(", ")")
            text += open
            for (index, item) in items.enumerated() where text.utf8.count <= maximum {
                if index > 0 { text += ", " }
                item.describe(into: &text, maximum: maximum)
            }
            text += close
        case .dictionary(let entries):
            text += "{"
            for (index, entry) in entries.enumerated() where text.utf8.count <= maximum {
                if index > 0 { text += ", " }
                entry.key.describe(into: &text, maximum: maximum)
                text += ": "
                entry.value.describe(into: &text, maximum: maximum)
            }
            text += "}"
        }
    }
}
