import OrketCore

/// Where the time of each fixture went, as bars: compiling, running, and the rest, which is making and taking down
/// sandboxes.
enum TimingPicture {
    /// Bars of one picture; the longest are shown.
    private static let maximumBars = 60
    private static let (width, labelWidth, barHeight) = (900.0, 240.0, 18)

    /// An `svg` element that needs nothing but the page's style; empty without a fixture.
    static func svg(_ fixtures: [FixtureReport]) -> String {
        let shown = fixtures.sorted { $0.timings.totalMs > $1.timings.totalMs }.prefix(maximumBars)
        guard let longest = shown.first.map({ max(total($0.timings), 1) }) else { return "" }
        let height = shown.count * barHeight + 4
        var text =
            "<svg class=\"times\" role=\"img\" viewBox=\"0 0 \(Int(width)) \(height)\" aria-label=\"time of each fixture\">\n"
        for (index, fixture) in shown.enumerated() {
            text += bar(fixture, y: index * barHeight + 2, scale: (width - labelWidth - 90) / longest)
        }
        let left = fixtures.count - shown.count
        return text + "</svg>\n" + (left > 0 ? "<p>\(left) shorter ones are not shown.</p>\n" : "")
    }

    private static func bar(_ fixture: FixtureReport, y: Int, scale: Double) -> String {
        let times = fixture.timings
        let parts = [
            ("compile", times.compileMs), ("run", times.runMs), ("rest", total(times) - times.compileMs - times.runMs),
        ]
        let label = XMLText.content(DisplayWidth.cut(TerminalText.escape(fixture.id), to: 32))
        var text = "<g><text x=\"\(Int(labelWidth) - 8)\" y=\"\(y + 13)\" text-anchor=\"end\">\(label)</text>"
        var x = labelWidth
        for (name, milliseconds) in parts where milliseconds > 0 {
            let length = milliseconds * scale
            text +=
                "<rect class=\"\(name)\" x=\"\(tenths(x))\" y=\"\(y + 2)\" width=\"\(tenths(length))\" height=\"\(barHeight - 4)\">"
            text += "<title>\(name) \(Figures.whole(milliseconds)) ms</title></rect>"
            x += length
        }
        return text + "<text x=\"\(tenths(x + 6))\" y=\"\(y + 13)\">\(Figures.whole(total(times))) ms</text></g>\n"
    }

    /// Never less than its parts: a second look may have taken longer than it was counted for.
    private static func total(_ times: VerificationTimings) -> Double {
        min(max(times.totalMs, times.compileMs + times.runMs), 1e12)
    }

    private static func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
