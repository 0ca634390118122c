import OrketCore

/// Bytes of a stranger as text in which nothing is invisible and no two different inputs look the same.
///
/// Control and format characters, marks, and spaces other than U+0020 are shown as in `TerminalText`; a space at the end
/// of a line as `\x20`; a byte that is no UTF-8 as `\xff`; a backslash as two.
package enum VisibleText {
    /// The lines of `bytes`, each shown on one line. A newline that ends the last line starts no other.
    package static func lines(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { cells($0).joined() }
    }

    /// A text of several lines, with nothing in it that steers or deceives. Backslashes stay as they are: texts that were
    /// shown before have theirs doubled already. What has a meaning to a format is replaced by what it has in `escapes`:
    /// scalar by scalar, since a mark may hide a character from a search by whole characters.
    static func shown(_ text: String, escapes: [Unicode.Scalar: String] = [:]) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += escapes[$1] ?? ($1 == "\n" ? "\n" : shown($1)) }
    }

    static func shown(_ scalar: Unicode.Scalar) -> String {
        scalar == "\\" ? "\\" : TerminalText.shown(scalar) ?? String(scalar)
    }

    /// One line, a cell for each character or bad byte.
    static func cells(_ line: ArraySlice<UInt8>) -> [String] {
        var cells: [String] = []
        cells.reserveCapacity(line.count)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = line.makeIterator()
        var position = line.startIndex
        parsing: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                position += encoded.count
                cells.append(cell(Unicode.UTF8.decode(encoded)))
            case .error(let length):
                for byte in line[position..<position + length] { cells.append(hexadecimal(byte)) }
                position += length
            case .emptyInput: break parsing
            }
        }
        var last = cells.endIndex
        while last > 0, cells[last - 1] == " " {
            last -= 1
            cells[last] = "\\x20"
        }
        return cells
    }

    private static func cell(_ scalar: Unicode.Scalar) -> String {
        if let shown = TerminalText.shown(scalar) { return shown }
        if scalar.properties.generalCategory == .spaceSeparator, scalar != " " {
            return "\\u{" + String(scalar.value, radix: 16) + "}"
        }
        return String(scalar)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}
