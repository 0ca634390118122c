import OrketCore

/// A plain table for people: columns as wide as their widest cell, two spaces between them, cells escaped.
package struct TextTable {
    private var rows: [[String]]
    private var colours: [[Colour?]]
    private let rightAligned: Set<Int>

    /// Columns of a cell; only the last one of a table may be wider, on a wide terminal.
    private static let cellWidth = 80
    private static let leastLastWidth = 20
    private static let maximumCharacters = 400

    /// A table with one heading per column; `rightAligned` are columns of numbers.
    package init(_ headings: [String], rightAligned: Set<Int> = []) {
        rows = [headings]
        colours = [headings.map { _ in nil }]
        self.rightAligned = rightAligned
    }

    /// Adds a row with as many cells as there are headings; `colours` are those of the cells by their column.
    package mutating func add(_ cells: [String], colours: [Int: Colour] = [:]) {
        precondition(cells.count == rows[0].count, "a row of \(cells.count) cells in a table of \(rows[0].count)")
        rows.append(cells.map { TerminalText.escape($0, maximumCharacters: Self.maximumCharacters) })
        self.colours.append(cells.indices.map { colours[$0] })
    }

    /// The table without colours, as wide as it gets.
    package var text: String { text(in: TextStyle()) }

    /// The table, one line per row, without spaces at line ends. Where the terminal's width is known, the last column
    /// takes what the others leave.
    package func text(in style: TextStyle) -> String {
        let last = rows[0].count - 1
        var widths = rows[0].indices.map { column in
            rows.map { min(Self.cellWidth, DisplayWidth.of($0[column])) }.max() ?? 0
        }
        if let width = style.width {
            let left = width - widths[..<last].reduce(0) { $0 + $1 + 2 }
            widths[last] = max(Self.leastLastWidth, left)
        }
        return zip(rows, colours).map { row, colours in
            var line = ""
            for (column, full) in row.enumerated() {
                let cell = DisplayWidth.cut(full, to: widths[column])
                let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
                let shown = style.paint(cell, colours[column])
                if column > 0 { line += "  " }
                line += rightAligned.contains(column) ? padding + shown : column == last ? shown : shown + padding
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// What a terminal can show.
package struct TextStyle: Sendable {
    /// Columns; nil when it is no terminal.
    package var width: Int?
    package var hasColour: Bool

    /// Plain text, unless told otherwise.
    package init(width: Int? = nil, hasColour: Bool = false) {
        self.width = width
        self.hasColour = hasColour
    }

    func paint(_ text: String, _ colour: Colour?) -> String {
        guard hasColour, let colour else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}

/// Colours of a terminal by their SGR number.
package enum Colour: Int, Sendable { case red = 31, green = 32, yellow = 33 }
