/// The rows of a table in a Markdown document.
struct MarkdownTable {
    /// Cells of each row below the header, without blanks at their ends.
    let rows: [[String]]

    /// The first table whose header row begins with `header`; nil when there is none.
    init?(_ text: String, header: [String]) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
        guard let start = lines.firstIndex(where: { $0.starts(with: header) }) else { return nil }
        // The line below the header draws the rule.
        rows = lines[start...].dropFirst(2).prefix { !$0.isEmpty }.map { $0 }
    }

    /// Cells of one line; empty when it is no row. A bar in backticks or behind a backslash is text.
    private static func cells(_ line: Substring) -> [String] {
        guard line.hasPrefix("|") else { return [] }
        var cells: [String] = [""]
        var isCode = false
        var last: Character = " "
        for character in line.dropFirst() {
            if character == "`" { isCode.toggle() }
            if character == "|", !isCode, last != "\\" {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            last = character
        }
        return cells.dropLast().map { cell in
            let start = cell.drop { $0 == " " }
            return String(start.reversed().drop { $0 == " " }.reversed())
        }
    }
}
