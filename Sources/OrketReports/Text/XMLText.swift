/// Text in XML 1.0 and in HTML: what the markup means is escaped, and what XML forbids or no reader would see is shown,
/// such as `\u{1b}`.
enum XMLText {
    /// As the content of an element. Line breaks stay.
    static func content(_ text: String) -> String { escape(text, lineBreak: "\n") }

    /// As the value of an attribute in double quotes. Line breaks are written by number: as they are, a reader would take
    /// them for spaces.
    static func attribute(_ text: String) -> String { escape(text, lineBreak: "&#10;") }

    private static func escape(_ text: String, lineBreak: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n": escaped += lineBreak
            default: escaped += VisibleText.shown(scalar)
            }
        }
        return escaped
    }
}
