/// Spans of time as they stand in files: a whole number with its unit, `500ms`, `2s`, `90m`, `1h`, `7d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Milliseconds; nil for anything else, also for what Int64 cannot hold.
    package static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }), let count = Int64(digits)
        else { return nil }
        let (product, overflows) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflows ? nil : product
    }

    /// The shortest text that reads back to the same number.
    package static func text(_ milliseconds: Int64) -> String {
        let unit = units.last { milliseconds != 0 && milliseconds.isMultiple(of: $0.milliseconds) } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
