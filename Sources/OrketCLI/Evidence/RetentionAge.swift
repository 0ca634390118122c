package import OrketCore

/// How old something must be: `30d`, or before a moment.
package enum RetentionAge {
    /// What to write, for findings.
    package static let hint =
        "write a number with s, m, h, d or w such as 30d, a day such as 2026-01-31, or a moment such as 2026-01-31T12:00:00Z"

    /// The moment before which things are old; nil for what is neither an age of at most 10,000 days nor a moment.
    package static func cutoff(_ text: String, now: UTCTime) -> UTCTime? {
        if let moment = UTCTime(text) { return moment }
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ seconds[$0] }), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
            let count = Int64(text.dropLast()), count <= 864_000_000 / unit
        else { return nil }
        return UTCTime(milliseconds: now.milliseconds - count * unit * 1_000)
    }
}
