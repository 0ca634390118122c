extension JSONValue {
    /// The document on one line without a final newline, members in their order. Everything that a terminal or a reader
    /// could take for something else (control characters, bidirectional marks, line separators) is escaped, so the text
    /// is safe to show and still decodes to the same value.
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): text += "\"" + value.jsonEscaped + "\""
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text += "\"" + member.name.jsonEscaped + "\":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// Milliseconds rounded to microseconds: more digits would be noise.
    package static func milliseconds(_ value: Double) -> JSONValue { .number((value * 1_000).rounded() / 1_000) }

    /// A count; one beyond Int64 becomes the largest Int64.
    package static func count(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }
}

extension String {
    /// The text as it stands between the quotes of a JSON string, with invisible and direction-changing characters
    /// escaped.
    package var jsonEscaped: String {
        var text = ""
        text.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isDeceptive:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// True for characters that steer a terminal or hide or reorder text: Unicode categories Cc, Cf, Zl, Zp.
    package var isDeceptive: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
