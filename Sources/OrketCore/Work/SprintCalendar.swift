/// Which sprint a time is in: weeks from Monday to Sunday in UTC, thirteen a quarter; the week of Monday 2026-02-02 is `Q1 S6`.
package enum SprintCalendar {
    /// 2025-12-29T00:00:00Z, a Monday: begin of `Q1 S1`.
    package static let begin = UTCTime(milliseconds: 1_766_966_400_000)
    private static let weekMs: Int64 = 7 * 86_400_000

    /// The sprint of a time; nil before `Q1 S1`.
    package static func sprint(at time: UTCTime) -> Sprint? {
        let elapsed = time.milliseconds - begin.milliseconds
        if elapsed < 0 { return nil }
        let week = Int(elapsed / weekMs)
        return Sprint(quarter: week / Sprint.perQuarter + 1, number: week % Sprint.perQuarter + 1)
    }

    /// The Monday on which a sprint begins.
    package static func start(of sprint: Sprint) -> UTCTime {
        let week = Int64((sprint.quarter - 1) * Sprint.perQuarter + sprint.number - 1)
        return UTCTime(milliseconds: begin.milliseconds + week * weekMs)
    }
}
