import OrketCore
import Testing

@Suite("Bug-fix phases and sprints")
struct BugFixPhaseTests {
    private static let start = UTCTime(milliseconds: 1_770_000_000_000)
    private static let rules = BugFixRules()
    private static let rock = CardID("launch")!

    private static func day(_ days: Double) -> UTCTime {
        UTCTime(milliseconds: start.milliseconds + Int64(days * 86_400_000))
    }

    private static func bugs(
        _ count: Int, on day: Double, _ priority: Priority = .low, isOpen: Bool = true
    ) -> [BugReport] {
        [BugReport](repeating: BugReport(discoveredAt: Self.day(day), priority: priority, isOpen: isOpen), count: count)
    }

    private static func phase() -> BugFixPhase { BugFixPhase(rock: rock, startedAt: start, rules: rules) }

    /// Days from its begin to its end, and its status.
    private static func step(_ day: Double, _ bugs: [BugReport]) -> String {
        let phase = phase().step(now: Self.day(day), bugs: bugs, rules: rules)
        return "\((phase.endsAt.milliseconds - start.milliseconds) / 86_400_000) \(phase.status.rawValue)"
    }

    @Test("before its end nothing happens, at its end it is completed when it was quiet")
    func quiet() {
        #expect(Self.step(6.999, Self.bugs(500, on: 1)) == "7 active")
        #expect(Self.step(7, []) == "7 completed")
        #expect(Self.step(7, Self.bugs(35, on: 1)) == "7 completed")
    }

    @Test("more than five bugs a day, or more than three open critical ones, extend it by a week")
    func extended() {
        #expect(Self.step(7, Self.bugs(36, on: 1)) == "14 extended")
        #expect(Self.step(7, Self.bugs(3, on: 1, .high)) == "7 completed")
        #expect(Self.step(7, Self.bugs(4, on: 1, .high)) == "14 extended")
        #expect(Self.step(7, Self.bugs(4, on: 1, .high, isOpen: false)) == "7 completed")
    }

    @Test("it is never longer than four weeks")
    func bounded() {
        #expect(Self.step(27.9, Self.bugs(9, on: 1, .high)) == "28 extended")
        #expect(Self.step(28, Self.bugs(9, on: 1, .high)) == "28 completed")
        #expect(Self.step(4_000, Self.bugs(9, on: 1, .high)) == "28 completed")
    }

    @Test("an expiry that nobody looked for gives what looking each day would have given")
    func expiryWithoutPolling() {
        let bugs = Self.bugs(40, on: 2) + Self.bugs(4, on: 13, .high)
        var polled = Self.phase()
        for day in 0...40 { polled = polled.step(now: Self.day(Double(day)), bugs: bugs, rules: Self.rules) }
        let once = Self.phase().step(now: Self.day(40), bugs: bugs, rules: Self.rules)
        #expect(once == polled)
        #expect(once.status == .completed)
    }

    @Test("what is left open goes to a rock of its own, and nothing goes where nothing is left")
    func followUp() {
        let phase = Self.phase().step(now: Self.day(7), bugs: [], rules: Self.rules)
        #expect(phase.followUp(bugs: Self.bugs(1, on: 1))?.text == "launch-phase2")
        #expect(phase.followUp(bugs: Self.bugs(1, on: 1, isOpen: false)) == nil)
        #expect(Self.phase().followUp(bugs: Self.bugs(1, on: 1)) == nil)
    }

    @Test("an aborted phase stays aborted, and a completed one cannot be aborted")
    func abort() {
        let aborted = Self.phase().abort(now: Self.day(1))
        #expect(aborted.status == .aborted && aborted.closedAt == Self.day(1))
        #expect(aborted.step(now: Self.day(99), bugs: [], rules: Self.rules) == aborted)
        let completed = Self.phase().step(now: Self.day(7), bugs: [], rules: Self.rules)
        #expect(completed.abort(now: Self.day(8)) == completed)
    }

    @Test("rules out of bounds are told at once")
    func badRules() {
        var rules = BugFixRules()
        (rules.initialDays, rules.maximumDays, rules.highRate, rules.criticalBugs) = (0, -1, .nan, -1)
        #expect(rules.defects.count == 4)
        #expect(BugFixRules().defects == [])
    }

    @Test(
        "the week of 2026-02-02 is Q1 S6, weeks begin on Monday, and quarters go on past four",
        arguments: [
            ("2026-02-02T00:00:00Z", "Q1 S6"), ("2026-02-01T23:59:59Z", "Q1 S5"), ("2026-02-08T23:59:59Z", "Q1 S6"),
            ("2025-12-29T00:00:00Z", "Q1 S1"), ("2026-03-29T23:59:59Z", "Q1 S13"), ("2026-03-30T00:00:00Z", "Q2 S1"),
            ("2026-12-28T00:00:00Z", "Q5 S1"),
        ])
    func sprints(time: String, label: String) {
        let sprint = UTCTime(time).flatMap(SprintCalendar.sprint)
        #expect(sprint?.description == label)
        #expect(Sprint(label) == sprint)
    }

    @Test("there is no sprint before the first one, and a sprint begins where it says")
    func sprintBounds() {
        #expect(SprintCalendar.sprint(at: UTCTime(milliseconds: SprintCalendar.begin.milliseconds - 1)) == nil)
        for week in 0..<200 {
            let sprint = Sprint(quarter: week / 13 + 1, number: week % 13 + 1)!
            let start = SprintCalendar.start(of: sprint)
            #expect(SprintCalendar.sprint(at: start) == sprint)
            #expect(SprintCalendar.sprint(at: UTCTime(milliseconds: start.milliseconds - 1)) != sprint)
        }
        for label in ["Q0 S1", "Q1 S0", "Q1 S14", "Q1", "q1 s6", "Q01 S6", "Q1  S6", "Q1 S+6", ""] {
            #expect(Sprint(label) == nil)
        }
    }
}
