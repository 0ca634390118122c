/// A moment in UTC, to the millisecond.
package struct UTCTime: Sendable, Hashable {
    /// Since 1970-01-01T00:00:00Z, without leap seconds.
    package let milliseconds: Int64

    /// Clamped to the years 0000 to 9999, which is what ISO 8601 spells with four digits.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    }

    /// `2026-02-28T23:59:59`, without a zone: the form of JUnit.
    package var seconds: String {
        let total = Self.floorDivide(milliseconds, 1_000)
        let days = Self.floorDivide(total, 86_400)
        let second = total - days * 86_400
        let (year, month, day) = Self.civil(days)
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let time = [second / 3_600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        return date + "T" + time
    }

    /// `2026-02-28T23:59:59.123Z`: RFC 3339.
    package var rfc3339: String {
        seconds + "." + Self.padded(milliseconds - Self.floorDivide(milliseconds, 1_000) * 1_000, 3) + "Z"
    }

    /// Year, month and day of a day since 1970-01-01, in the Gregorian calendar. Years are counted from March, so that
    /// the leap day is the last of a year; 400 of them have 146,097 days.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
