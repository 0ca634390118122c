package import OrketCore

/// Where what came starts to differ from what was expected, for people: the place, the lines around it, everything invisible shown.
///
/// Bounded in size and time whatever the bytes are: both sides are excerpts, only a few lines after the first difference
/// are aligned with each other, and a long line is cut around its column.
package struct OutputDiff: Sendable {
    /// Whose line a row is.
    package enum Side: Sendable { case both, expected, actual }

    /// One line of the picture.
    package struct Row: Sendable {
        package let side: Side
        /// 1-based, of the side that the row is from.
        package let line: Int
        package let text: String
    }

    /// 1-based.
    package let line: Int
    package let column: Int
    /// 0-based.
    package let offset: Int
    /// What stands at the place: a character with its code point, a bad byte, or the end.
    package let expected: String
    package let actual: String
    package let rows: [Row]
    /// True when one of the sides goes on after the rows.
    package let goesOn: Bool

    private static let contextLines = 3
    private static let alignedLines = 8
    private static let maximumCells = 160

    /// The difference of a case; nil when its outputs were not compared or are equal as far as they were kept.
    package init?(_ item: CaseReport) {
        guard let expected = item.expected, let actual = item.actual else { return nil }
        self.init(expected: expected, actual: actual)
    }

    /// The same for two excerpts that start at the same place.
    package init?(expected: Excerpt, actual: Excerpt) {
        let want = Self.comparable(expected)
        let have = Self.comparable(actual)
        var common = zip(want, have).prefix { $0 == $1 }.count
        if common == want.count && common == have.count { return nil }
        // The place is that of a whole character, which has at most three more bytes.
        for _ in 0..<3 where common > 0 && (Self.continues(want, common) || Self.continues(have, common)) {
            common -= 1
        }
        let newline = UInt8(ascii: "\n")
        let before = want[..<common]
        let index = before.count { $0 == newline }
        let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        let characters = before[lineStart...].count { $0 & 0xC0 != 0x80 }
        let firstLine = expected.line ?? 1
        line = firstLine + index
        column = characters + (lineStart == 0 ? expected.column : 1)
        offset = expected.offset + common
        self.expected = Self.character(want, common, isCut: expected.isCut)
        self.actual = Self.character(have, common, isCut: actual.isCut)
        let wantLines = want.split(separator: newline, omittingEmptySubsequences: false)
        let haveLines = have.split(separator: newline, omittingEmptySubsequences: false)
        let from = max(0, characters - Self.maximumCells / 2)
        var rows = (max(0, index - Self.contextLines)..<index).map { number in
            let isPartial = number == 0 && expected.column > 1
            return Row(side: .both, line: firstLine + number, text: Self.text(wantLines[number], from: 0, isPartial))
        }
        let isPartial = lineStart == 0 && expected.column > 1
        rows += Self.aligned(
            wantLines[index...].prefix(Self.alignedLines), haveLines[index...].prefix(Self.alignedLines),
            firstLine: firstLine + index
        ) { line, isFirst in Self.text(line, from: isFirst ? from : 0, isFirst && isPartial) }
        let last = (
            expected: rows.last { $0.side != .actual }?.line ?? 0, actual: rows.last { $0.side != .expected }?.line ?? 0
        )
        goesOn =
            expected.isCut || actual.isCut || last.expected < firstLine + wantLines.count - 1
            || last.actual < firstLine + haveLines.count - 1
        self.rows = rows
    }

    /// The place on a line of its own, then the rows: `-` expected, `+` actual.
    package var text: String {
        var text = summary + "\n"
        let width = rows.map { String($0.line).count }.max() ?? 0
        for row in rows {
            let sign =
                switch row.side {
                case .both: " "
                case .expected: "-"
                case .actual: "+"
                }
            let number = String(row.line)
            let line = "\(sign) \(String(repeating: " ", count: width - number.count))\(number) | \(row.text)"
            text += (row.text.isEmpty ? String(line.dropLast()) : line) + "\n"
        }
        return goesOn ? text + "  …\n" : text
    }

    /// `first difference at line 2, column 5, byte 9: expected "a" U+0061, is the end`.
    package var summary: String {
        "first difference at line \(line), column \(column), byte \(offset): expected \(expected), is \(actual)"
    }
}

extension OutputDiff {
    /// Without the newline that ends the last line: the comparison takes no notice of it.
    private static func comparable(_ excerpt: Excerpt) -> ArraySlice<UInt8> {
        let bytes = excerpt.bytes[...]
        return !excerpt.isCut && bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }

    private static func continues(_ bytes: ArraySlice<UInt8>, _ index: Int) -> Bool {
        index < bytes.endIndex && bytes[index] & 0xC0 == 0x80
    }

    private static func character(_ bytes: ArraySlice<UInt8>, _ index: Int, isCut: Bool) -> String {
        if index >= bytes.endIndex { return isCut ? "more than is kept" : "the end" }
        if bytes[index] == UInt8(ascii: "\n") { return "the end of the line" }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes[index...].makeIterator()
        guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else {
            return "byte 0x" + String(bytes[index], radix: 16)
        }
        let scalar = Unicode.UTF8.decode(encoded)
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return
            "\"\(TerminalText.escape(String(scalar)))\" U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    }

    private static func text(_ line: ArraySlice<UInt8>, from: Int, _ isPartial: Bool) -> String {
        let cells = VisibleText.cells(line)
        let end = min(cells.count, from + maximumCells)
        let start = min(from, end)
        return (start > 0 || isPartial ? "…" : "") + cells[start..<end].joined() + (end < cells.count ? "…" : "")
    }

    /// Rows of two short lists of lines by their longest common subsequence, up to a few common lines after the last
    /// that differs.
    private static func aligned(
        _ want: ArraySlice<ArraySlice<UInt8>>, _ have: ArraySlice<ArraySlice<UInt8>>, firstLine: Int,
        text: (ArraySlice<UInt8>, Bool) -> String
    ) -> [Row] {
        let (want, have) = (Array(want), Array(have))
        // lengths[i][j]: common lines of want[i...] and have[j...].
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: have.count + 1), count: want.count + 1)
        for i in want.indices.reversed() {
            for j in have.indices.reversed() {
                lengths[i][j] =
                    want[i].elementsEqual(have[j])
                    ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var rows: [Row] = []
        var (i, j, lastChange) = (0, 0, 0)
        while i < want.count || j < have.count {
            if i < want.count, j < have.count, want[i].elementsEqual(have[j]) {
                rows.append(Row(side: .both, line: firstLine + i, text: text(want[i], i == 0 && j == 0)))
                (i, j) = (i + 1, j + 1)
                continue
            }
            if i < want.count, j == have.count || lengths[i + 1][j] >= lengths[i][j + 1] {
                rows.append(Row(side: .expected, line: firstLine + i, text: text(want[i], i == 0)))
                i += 1
            } else {
                rows.append(Row(side: .actual, line: firstLine + j, text: text(have[j], j == 0)))
                j += 1
            }
            lastChange = rows.count
        }
        return Array(rows.prefix(lastChange + contextLines))
    }
}

extension Excerpt {
    /// True when the whole goes on after the bytes that were kept.
    var isCut: Bool { UInt64(offset + bytes.count) < totalBytes }
}
