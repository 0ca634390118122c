/// Makes text that a stranger's program may have written safe to show on a terminal.
package enum TerminalText {
    /// The text with every character escaped that could steer the terminal or deceive the reader: control characters
    /// (escape sequences start with one), bidirectional and other invisible format characters, line and paragraph
    /// separators, private-use characters, and the backslash itself, so that no two texts look the same. The result is
    /// one line.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if let shown = shown(scalar) { escaped += shown } else { escaped.unicodeScalars.append(scalar) }
        }
        return escaped
    }

    /// How one character is shown when not as itself.
    package static func shown(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where mustEscape(scalar): "\\u{" + String(scalar.value, radix: 16) + "}"
        default: nil
        }
    }

    /// The same, cut to `maximumCharacters` with an ellipsis as the last one.
    package static func escape(_ text: String, maximumCharacters: Int) -> String {
        // A few characters more than fit are enough to know that something was cut.
        let escaped = escape(String(text.prefix(maximumCharacters + 1)))
        if escaped.count <= maximumCharacters { return escaped }
        return String(escaped.prefix(max(0, maximumCharacters - 1))) + "…"
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        // Combining marks without end can climb over the lines around them.
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
