/// Columns that text takes on a terminal, for text that went through `TerminalText`, so that no mark or control character
/// is left.
package enum DisplayWidth {
    /// Columns of `text`.
    package static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

    /// `text`, or as much of its start as fits into `width` columns with an ellipsis.
    package static func cut(_ text: String, to width: Int) -> String {
        var used = 0
        var kept = ""
        // Where to cut if what follows turns out not to fit: one column is the ellipsis's.
        var short = ""
        for scalar in text.unicodeScalars {
            used += columns(scalar)
            if used > width { return width < 1 ? "" : short + "…" }
            kept.unicodeScalars.append(scalar)
            if used < width { short = kept }
        }
        return kept
    }

    /// 2 for the wide and full-width characters of Unicode's East Asian Width (UAX 11) and for emoji, else 1.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x1100 { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
