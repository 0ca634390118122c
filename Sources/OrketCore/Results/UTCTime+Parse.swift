extension UTCTime: Comparable {
    package static func < (a: UTCTime, b: UTCTime) -> Bool { a.milliseconds < b.milliseconds }

    /// Reads `2026-11-25`, `2026-11-25T07:19Z`, `2026-11-25T07:19:44Z` or `...44.012Z`; nil for anything else, also for a
    /// day that the calendar does not have.
    package init?(_ text: String) {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        let dates = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard dates.map(\.utf8.count) == [4, 2, 2], let year = Self.number(dates[0]), let month = Self.number(dates[1]),
            let date = Self.number(dates[2]), (1...12).contains(month), date >= 1
        else { return nil }
        var time: Int64 = 0
        if parts.count == 2 {
            guard let read = Self.timeOfDay(parts[1]) else { return nil }
            time = read
        }
        self.init(milliseconds: Self.dayNumber(year, month, date) * 86_400_000 + time)
        // A 31st of a month of 30 days is the 1st of the next.
        if !seconds.hasPrefix(parts[0] + "T") { return nil }
    }

    /// Milliseconds since midnight of `07:19Z`, `07:19:44Z`, `07:19:44.012Z`.
    private static func timeOfDay(_ text: Substring) -> Int64? {
        guard text.hasSuffix("Z") else { return nil }
        let fields = text.dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2 || fields.count == 3, fields[0].utf8.count == 2, fields[1].utf8.count == 2,
            let hour = number(fields[0]), let minute = number(fields[1]), hour < 24, minute < 60
        else { return nil }
        var time = (hour * 60 + minute) * 60_000
        if fields.count == 3 {
            let parts = fields[2].split(separator: ".", omittingEmptySubsequences: false)
            guard [[2], [2, 3]].contains(parts.map(\.utf8.count)), let second = number(parts[0]), second < 60,
                let fraction = parts.count == 2 ? number(parts[1]) : 0
            else { return nil }
            time += second * 1_000 + fraction
        }
        return time
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }

    /// Days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is the last of a
    /// year; 400 of them have 146,097 days.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64 {
        // One cycle later, so that no year is negative.
        let shifted = year + 400 - (month <= 2 ? 1 : 0)
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + date - 1
        return (era - 1) * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
