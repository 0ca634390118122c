/// A reader of RFC 8259 JSON that refuses what parsers disagree about: duplicate members, lone surrogates, bytes that
/// are no UTF-8, numbers outside of Int64 and Double, text after the document, nesting deeper than `maximumDepth`.
package struct StrictJSON {
    /// Why a text is no acceptable JSON, and at which byte (0-based) that showed.
    package struct Problem: Error, Hashable {
        package let offset: Int
        package let message: String
    }

    /// Deepest nesting of arrays and objects that is read, unless a caller says otherwise.
    package static let maximumDepth = 32

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private let deepest: Int

    private init(_ bytes: [UInt8], deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    /// Reads exactly one document from `bytes`, nested no deeper than `deepest`. Linear in their count; throws `Problem` at
    /// the first defect.
    package static func parse(_ bytes: [UInt8], deepest: Int = maximumDepth) throws(Problem) -> JSONValue {
        var reader = StrictJSON(bytes, deepest: deepest)
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        if reader.index < bytes.count { throw reader.problem("text after the JSON document") }
        return value
    }

    private func problem(_ message: String, at offset: Int? = nil) -> Problem {
        Problem(offset: offset ?? index, message: message)
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value() throws(Problem) -> JSONValue {
        switch current {
        case nil: throw problem("the text ends where a value is expected")
        case UInt8(ascii: "{"): return try nested { reader throws(Problem) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(Problem) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout StrictJSON) throws(Problem) -> JSONValue
    ) throws(Problem) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if depth > deepest { throw problem("nested deeper than \(deepest) levels") }
        index += 1
        skipSpace()
        return try read(&self)
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(Problem) -> JSONValue {
        guard bytes[index...].starts(with: text.utf8) else { throw problem("a value is expected") }
        index += text.utf8.count
        return value
    }

    private mutating func object() throws(Problem) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        if current == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        while true {
            let start = index
            guard current == UInt8(ascii: "\"") else { throw problem("a member name is expected") }
            let name = try string()
            if !names.insert(name).inserted { throw problem("duplicate key '\(name.jsonEscaped)'", at: start) }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw problem("':' is expected") }
            index += 1
            skipSpace()
            members.append(JSONValue.Member(name, try value()))
            if try endOfList(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array() throws(Problem) -> JSONValue {
        var elements: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        while true {
            elements.append(try value())
            if try endOfList(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// Consumes `,` (false) or the closing bracket (true).
    private mutating func endOfList(_ closing: UInt8) throws(Problem) -> Bool {
        skipSpace()
        guard let byte = current, byte == closing || byte == UInt8(ascii: ",") else {
            throw problem("',' or the end of the list is expected")
        }
        index += 1
        if byte == closing { return true }
        skipSpace()
        return false
    }

    private mutating func string() throws(Problem) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("the string is no valid UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw problem("a raw control character in a string")
            default:
                let run = bytes[index...].prefix { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
                text.append(contentsOf: run)
                index = run.endIndex
            }
        }
        throw problem("the text ends within a string", at: start)
    }

    private mutating func escape(into text: inout [UInt8]) throws(Problem) {
        let start = index
        index += 1
        guard let byte = current else { throw problem("the text ends within a string", at: start) }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(from: start, into: &text)
        default: throw problem("an unknown escape", at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int, into text: inout [UInt8]) throws(Problem) {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                throw problem("a lone surrogate", at: start)
            }
            index += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw problem("a lone surrogate", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw problem("a lone surrogate", at: start) }
        text.append(contentsOf: UTF8.encode(scalar)!)
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        guard index + 4 <= bytes.count else { throw problem("four hexadecimal digits are expected") }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem("four hexadecimal digits are expected")
            }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }

    private mutating func digits() -> Int {
        let run = bytes[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        index = run.endIndex
        return run.count
    }

    private mutating func number() throws(Problem) -> JSONValue {
        let start = index
        if current == UInt8(ascii: "-") { index += 1 }
        let first = current
        let count = digits()
        if count == 0 { throw problem("a value is expected", at: start) }
        if count > 1 && first == UInt8(ascii: "0") { throw problem("a number with a leading zero", at: start) }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            if digits() == 0 { throw problem("digits are expected") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            if digits() == 0 { throw problem("digits are expected") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard !isInteger, let value = Double(text), value.isFinite else {
            throw problem("a number out of range", at: start)
        }
        return .number(value)
    }
}
