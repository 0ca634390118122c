/// A plain table for people: columns as wide as their widest cell, two spaces between them, cells escaped.
package struct TextTable {
    private var rows: [[String]]
    private let rightAligned: Set<Int>

    /// A table with one heading per column; `rightAligned` are columns of numbers.
    package init(_ headings: [String], rightAligned: Set<Int> = []) {
        rows = [headings]
        self.rightAligned = rightAligned
    }

    /// Adds a row with as many cells as there are headings.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count, "a row of \(cells.count) cells in a table of \(rows[0].count)")
        rows.append(cells.map { TerminalText.escape($0, maximumCharacters: 80) })
    }

    /// The table, one line per row, without spaces at line ends.
    package var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "  " }
                line += rightAligned.contains(column) ? padding + cell : cell + padding
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
