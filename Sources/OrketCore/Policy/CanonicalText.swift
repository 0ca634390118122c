/// Text forms that are hashed or shown: one spelling for each value, on one line, whatever the value contains.
package enum CanonicalText {
    /// The text between double quotes. Quotes, backslashes, control, line-breaking and direction-changing characters are
    /// escaped, so that a hostile name can neither forge a line of a digest nor disturb a terminal.
    package static func quote(_ text: String) -> String {
        // Bytes, because whole programs are quoted here: a policy contains the files of its root.
        var result: [UInt8] = [UInt8(ascii: "\"")]
        result.reserveCapacity(text.utf8.count + 64)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\"".utf8
            case "\\": result += "\\\\".utf8
            case "\n": result += "\\n".utf8
            case "\t": result += "\\t".utf8
            case _ where needsEscape(scalar): result += "\\u{\(String(scalar.value, radix: 16))}".utf8
            case _ where scalar.isASCII: result.append(UInt8(scalar.value))
            default: result += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    /// The text on one line and without characters that steer a terminal or deceive a reader. Applying it twice changes
    /// nothing more.
    package static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: needsEscape) else { return text }
        return text.unicodeScalars.map { scalar in
            needsEscape(scalar) ? "\\u{" + String(scalar.value, radix: 16) + "}" : String(scalar)
        }.joined()
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
