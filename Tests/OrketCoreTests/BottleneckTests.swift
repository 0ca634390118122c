import OrketCore
import Testing

@Suite("Bottlenecks")
struct BottleneckTests {
    private static let now = UTCTime(milliseconds: 1_770_000_000_000)

    /// Cards by words: `3xblocked/resource`, `in_progress@coder`, `code_review+49` for 49 hours in it.
    private static func cards(_ text: String) -> [FlowCard] {
        var cards: [FlowCard] = []
        for word in text.split(separator: " ") {
            let times = word.split(separator: "x", maxSplits: 1)
            let count = times.count == 2 ? Int(times[0]) : nil
            let ages = (count == nil ? word : times[1]).split(separator: "+")
            let seats = ages[0].split(separator: "@")
            let parts = seats[0].split(separator: "/")
            for _ in 0..<(count ?? 1) {
                cards.append(
                    FlowCard(
                        id: CardID("c\(cards.count)")!, status: CardStatus(rawValue: String(parts[0]))!,
                        waitReason: parts.count > 1 ? WaitReason(rawValue: String(parts[1])) : nil,
                        seat: SeatID(seats.count > 1 ? String(seats[1]) : "s\(cards.count)")!,
                        enteredStatusAt: UTCTime(
                            milliseconds: now.milliseconds - (ages.count > 1 ? Int64(ages[1])! : 0) * 3_600_000)))
            }
        }
        return cards
    }

    private static func diagnose(_ text: String, _ thresholds: BottleneckThresholds = .init()) -> [String] {
        Bottlenecks.diagnose(cards(text), now: now, thresholds: thresholds)
            .map { "\($0.code.rawValue) \($0.severity.rawValue) \($0.cards.count)" }
    }

    @Test(
        "each rule holds exactly from its threshold on",
        arguments: [
            ("", "healthy ok 0"),
            ("in_progress ready done", "healthy ok 0"),
            ("in_progress 3xblocked/resource", "resource_normal ok 3"),
            ("in_progress 4xblocked/resource", "resource_elevated attention 4"),
            ("in_progress 9xblocked/resource", "resource_elevated attention 9"),
            ("in_progress 10xblocked/resource", "resource_warning warning 10"),
            ("in_progress 11xblocked/resource", "resource_critical critical 11"),
            ("1xblocked/resource", "nothing_running critical 1"),
            ("code_review 1xwaiting_for_developer/resource", "nothing_running critical 1"),
            ("in_progress 1xblocked/dependency 1xblocked/system", "dependency_share attention 1"),
            ("in_progress 1xblocked/dependency 2xblocked/system", ""),
            ("in_progress 1xblocked/review", "human_required warning 1"),
            ("in_progress 1xwaiting_for_developer/input 1xblocked/review", "human_required warning 2"),
            ("blocked/system+24", ""),
            ("blocked/system+25 blocked/system", "blocked_too_long warning 1"),
            ("code_review+48", "healthy ok 0"),
            ("code_review+49", "healthy ok 0,review_too_long warning 1"),
            ("3xin_progress@coder", "healthy ok 0"),
            ("4xin_progress@coder 3xin_progress@tester", "healthy ok 0,seat_overloaded warning 4"),
            ("5xready@coder", "healthy ok 0"),
            ("6xready@coder 7xready@tester", "healthy ok 0,seat_queue attention 6,seat_queue attention 7"),
        ])
    func rules(cards: String, findings: String) {
        #expect(Self.diagnose(cards) == findings.split(separator: ",").map(String.init))
    }

    @Test("all findings are given at once, with their cards")
    func allAtOnce() {
        let found = Bottlenecks.diagnose(
            Self.cards("in_progress 2xblocked/resource+30 2xblocked/dependency 1xblocked/input"), now: Self.now,
            thresholds: BottleneckThresholds())
        #expect(found.map(\.code.rawValue) == ["resource_normal", "human_required", "blocked_too_long"])
        #expect(found[2].cards.map(\.text) == ["c1", "c2"])
        let seats = Bottlenecks.diagnose(Self.cards("6xready@coder"), now: Self.now, thresholds: .init())
        #expect(seats.last?.seat?.text == "coder")
    }

    @Test("a clock that was set back makes no card overdue")
    func clockStep() {
        #expect(Self.diagnose("code_review+-100 blocked/system+-100") == [])
    }

    @Test(
        "the presets are those of the documentation, and valid",
        arguments: [
            (ResourcePreset.workstation, [3, 8, 10]), (.server, [12, 40, 50]), (.raspberryPi, [1, 3, 5]),
            (.cloud, [10, 50, 100]),
        ])
    func presets(preset: ResourcePreset, counts: [Int]) {
        let thresholds = preset.thresholds
        #expect([thresholds.resourceNormal, thresholds.resourceWarning, thresholds.resourceCritical] == counts)
        #expect(thresholds.defects == [])
    }

    @Test("all nine thresholds are read, and their defects are told at once")
    func thresholds() {
        #expect(
            BottleneckThresholds.Key.allCases.map(\.rawValue).sorted() == [
                "blocked_duration_hours", "dependency_warning_pct", "human_attention_threshold", "queue_depth_per_seat",
                "resource_critical", "resource_normal", "resource_warning", "review_duration_hours",
                "wip_limit_per_seat",
            ])
        var bad = BottleneckThresholds()
        (bad.blockedHours, bad.reviewHours, bad.wipPerSeat, bad.queuePerSeat) = (.nan, -1, 0, 0)
        (bad.resourceNormal, bad.resourceWarning, bad.resourceCritical) = (5, 5, 4)
        (bad.dependencyShare, bad.humanAttention) = (1.1, 0)
        #expect(bad.defects.count == 8)
        #expect(bad.defects.contains("'resource_warning' must be more than 'resource_normal'"))
        #expect(BottleneckThresholds().defects == [])
    }
}
