import OrketCLI
import OrketCore
import OrketVerify
import Testing

@Suite("What is pruned")
struct RetentionTests {
    private func blob(_ name: String, _ bytes: UInt64, putAt: Int64) -> ContentStore.Blob {
        ContentStore.Blob(digest: name, bytes: bytes, putAtMs: putAt)
    }

    @Test("what a younger record needs stays, whatever its age; of the rest the oldest go until enough is left")
    func plan() {
        let blobs = [
            blob("needed", 10, putAt: 1), blob("old", 20, putAt: 1), blob("older", 40, putAt: 90),
            blob("unnamed", 80, putAt: 40), blob("young", 160, putAt: 60),
        ]
        let needs: [String: Int64] = ["needed": 50, "old": 30, "older": 20]
        func removed(_ cutoff: Int64, _ keepBytes: UInt64? = nil, putBefore: Int64? = nil) -> [String] {
            let plan = RetentionPlan(
                blobs, needs: needs, cutoffMs: cutoff, keepBytes: keepBytes, putBeforeMs: putBefore)
            #expect(plan.kept.count + plan.removed.count == blobs.count)
            return plan.removed.map(\.digest)
        }
        #expect(removed(0) == [])
        #expect(removed(20) == [], "exactly as old is not older")
        #expect(removed(50) == ["older", "old", "unnamed"])
        #expect(removed(1_000) == ["older", "old", "unnamed", "needed", "young"])
        // 310 bytes in all.
        #expect(removed(50, 310) == [])
        #expect(removed(50, 309) == ["older"])
        #expect(removed(50, 250) == ["older", "old"])
        #expect(removed(50, 0) == ["older", "old", "unnamed"])
        // What was put lately may be about to be named.
        #expect(removed(50, putBefore: 40) == ["old"])
    }

    @Test("ages and moments are read, and nothing else")
    func ages() {
        let now = UTCTime(milliseconds: 1_764_000_000_000)
        let ages: [(String, Int64)] = [
            ("0s", 0), ("90s", 90), ("2m", 120), ("3h", 10_800), ("1d", 86_400), ("2w", 1_209_600),
            ("10000d", 864_000_000),
        ]
        for (text, seconds) in ages {
            #expect(RetentionAge.cutoff(text, now: now)?.milliseconds == now.milliseconds - seconds * 1_000, "\(text)")
        }
        #expect(RetentionAge.cutoff("2026-01-31", now: now) == UTCTime("2026-01-31"))
        for text in ["", "d", "1", "-1d", "1.5d", "1y", "10001d", "99999999999999999999s", "1 d", "\u{661}d"] {
            #expect(RetentionAge.cutoff(text, now: now) == nil, "\(text)")
        }
    }
}
